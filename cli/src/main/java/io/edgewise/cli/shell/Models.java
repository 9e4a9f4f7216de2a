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
import java.util.function.LongSupplier;

/// The models of a validation, run as the agent runs them: the manifest of a file says what it takes, and the file must
/// be the one that it describes; a server is asked over the OpenAI API.
///
/// @param quantization of the edge model, as its manifest names it
record Models(
        EdgeModel edge,
        Optional<EdgeModel> frontier,
        Optional<EdgeModel> reference,
        String quantization,
        HttpClient http)
        implements AutoCloseable {
    private static final String MANIFEST = "models.json";
    private static final String LABELS = "labels.json";
    private static final String KEY = "EDGEWISE_FRONTIER_KEY";
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private record Entry(Path folder, String build, String quantization, String workload) {}

    static Models open(ModelOptions options, LongSupplier clock) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        List<EdgeModel> opened = new ArrayList<>();
        try {
            Choice edge = options.edge();
            Optional<Entry> first =
                    edge instanceof Choice.File(Path path) ? Optional.of(entry(path)) : Optional.empty();
            List<String> labels = Labels.load(options.labels().orElseGet(() -> labels(first)));
            ApiModel.Terms terms = new ApiModel.Terms(
                    http, options.prompt().orElseGet(() -> OpenAiSettings.classify(labels)), options.timeout(), clock);
            opened.add(open(edge, labels, Optional.empty(), terms));
            Optional<EdgeModel> frontier = Optional.empty();
            if (options.frontier().isPresent()) {
                Optional<String> key = Optional.ofNullable(System.getenv(KEY)).filter(given -> !given.isBlank());
                frontier = Optional.of(open(options.frontier().get(), labels, key.map(String::strip), terms));
                frontier.ifPresent(opened::add);
            }
            Optional<EdgeModel> reference = Optional.empty();
            if (options.reference().isPresent()) {
                reference = Optional.of(open(options.reference().get(), labels, Optional.empty(), terms));
            }
            return new Models(
                    opened.getFirst(),
                    frontier,
                    reference,
                    first.map(Entry::quantization).orElse(""),
                    http);
        } catch (IOException e) {
            close(opened, http);
            throw new BadInput(String.valueOf(e.getMessage()), e);
        } catch (BadInput e) {
            close(opened, http);
            throw e;
        }
    }

    private static EdgeModel open(Choice choice, List<String> labels, Optional<String> key, ApiModel.Terms terms)
            throws IOException {
        return switch (choice) {
            case Choice.File(Path path) -> {
                Entry entry = entry(path);
                yield OnnxClassifier.open(ModelManifest.load(entry.folder(), entry.build()), labels);
            }
            case Choice.Server server -> ApiModel.of(server, key, terms);
        };
    }

    private static Path labels(Optional<Entry> edge) {
        Entry entry = edge.orElseThrow(() -> new BadInput(
                "a server does not say which labels there are; give --labels FILE, a JSON array of them."));
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
