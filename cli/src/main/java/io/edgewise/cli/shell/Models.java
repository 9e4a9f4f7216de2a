// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.frontier.OpenAiSettings;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.cli.shell.ModelOptions.Choice;
import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// The models of a validation, run as the agent runs them: the manifest of a file says what it takes, and the file must
/// be the one that it describes; a server is asked over the OpenAI API.
///
/// @param quantization of the edge model, as its manifest, or its server's name of it, says
record Models(
        EdgeModel edge,
        Optional<EdgeModel> frontier,
        Optional<EdgeModel> reference,
        String quantization,
        Set<String> labels,
        HttpClient http)
        implements AutoCloseable {
    private static final String MANIFEST = "models.json";
    private static final String LABELS = "labels.json";
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private record Entry(Path folder, String build, String quantization, String workload) {}

    static Models open(ModelOptions options, LongSupplier clock) {
        // HTTP/1.1: some local servers answer an offer of HTTP/2 with an error, or lose the body.
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        List<EdgeModel> opened = new ArrayList<>();
        try {
            Choice edge = options.edge();
            Optional<Choice> frontier = options.frontier();
            Optional<Choice> reference = options.reference();
            Optional<Entry> first =
                    edge instanceof Choice.File(Path path) ? Optional.of(entry(path)) : Optional.empty();
            List<String> labels = labels(options, first);
            ApiModel.Terms terms = new ApiModel.Terms(
                    http, options.prompt().orElseGet(() -> OpenAiSettings.classify(labels)), options.timeout(), clock);
            opened.add(open(ApiModel.Role.EDGE, edge, labels, terms));
            if (frontier.isPresent()) {
                opened.add(open(ApiModel.Role.FRONTIER, frontier.get(), labels, terms));
            }
            if (reference.isPresent()) {
                opened.add(open(ApiModel.Role.REFERENCE, reference.get(), labels, terms));
            }
            return new Models(
                    opened.getFirst(),
                    frontier.map(_ -> opened.get(1)),
                    reference.map(_ -> opened.getLast()),
                    first.map(Entry::quantization).orElseGet(opened.getFirst()::build),
                    Set.copyOf(labels),
                    http);
        } catch (IOException e) {
            close(opened, http);
            throw new BadInput(String.valueOf(e.getMessage()), e);
        } catch (BadInput e) {
            close(opened, http);
            throw e;
        }
    }

    /// None where servers are told by a prompt what to answer.
    private static List<String> labels(ModelOptions options, Optional<Entry> edge) throws IOException {
        return options.labels().isEmpty()
                        && edge.isEmpty()
                        && options.prompt().isPresent()
                        && options.frontier().stream().allMatch(Choice.Server.class::isInstance)
                ? List.of()
                : Labels.load(options.labels().orElseGet(() -> labels(edge)));
    }

    private static EdgeModel open(ApiModel.Role role, Choice choice, List<String> labels, ApiModel.Terms terms)
            throws IOException {
        return switch (choice) {
            case Choice.File(Path path) -> {
                Entry entry = entry(path);
                yield OnnxClassifier.open(ModelManifest.load(entry.folder(), entry.build()), labels);
            }
            case Choice.Server server -> ApiModel.of(role, server, terms);
        };
    }

    private static Path labels(Optional<Entry> edge) {
        Entry entry = edge.orElseThrow(() -> new BadInput(
                "a server does not say which labels there are; give --labels FILE, a JSON array of texts."));
        Path beside = entry.folder().resolve(LABELS);
        Path ofWorkload = entry.folder()
                .resolve("../data")
                .resolve(entry.workload())
                .resolve(LABELS)
                .normalize();
        if (Files.isRegularFile(beside)) {
            return beside;
        }
        if (!entry.workload().isEmpty() && Files.isRegularFile(ofWorkload)) {
            return ofWorkload;
        }
        throw new BadInput("the labels of build " + entry.build() + " were not found in " + beside + " nor in "
                + ofWorkload + "; say where they are with --labels FILE.");
    }

    /// The manifest's entry of a model file.
    private static Entry entry(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInput("there is no model " + file + "; check its name and the folder you are in.");
        }
        Path folder = Optional.ofNullable(file.toAbsolutePath().normalize().getParent())
                .orElse(file);
        Path manifest = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            throw new BadInput("there is no " + manifest
                    + "; a model needs its manifest beside it: name, file, SHA-256 and " + "the features it takes.");
        }
        String name = String.valueOf(file.getFileName());
        try {
            for (JsonNode entry : new ObjectMapper().readTree(manifest.toFile())) {
                if (entry.path("file").asText().equals(name)) {
                    return new Entry(
                            folder,
                            entry.path("name").asText(),
                            entry.path("quantization").asText(),
                            entry.path("workload").asText());
                }
            }
        } catch (JacksonException e) {
            throw new BadInput(manifest + " is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new BadInput(manifest + " has no entry for " + name + "; add one, or give a model that it describes.");
    }

    private static void close(List<EdgeModel> models, HttpClient http) {
        models.forEach(EdgeModel::close);
        http.shutdownNow();
    }

    @Override
    public void close() {
        List<EdgeModel> all = new ArrayList<>(List.of(edge));
        frontier.ifPresent(all::add);
        reference.ifPresent(all::add);
        close(all, http);
    }
}
