// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The models of a validation, run as the agent runs them: their manifest says what they take, and the file must be
/// the one that it describes.
///
/// @param quantization of the edge model, as its manifest names it
record Models(EdgeModel edge, Optional<EdgeModel> frontier, Optional<EdgeModel> reference, String quantization)
        implements AutoCloseable {
    private static final String MANIFEST = "models.json";
    private static final String LABELS = "labels.json";

    private record Entry(Path folder, String build, String quantization, String workload) {}

    static Models open(Path edge, Optional<Path> frontier, Optional<Path> reference, Optional<Path> labelFile) {
        List<EdgeModel> opened = new ArrayList<>();
        try {
            Entry first = entry(edge);
            List<String> labels = Labels.load(labelFile.orElseGet(() -> labels(first)));
            for (Optional<Path> file : List.of(Optional.of(edge), frontier, reference)) {
                if (file.isPresent()) {
                    Entry entry = entry(file.get());
                    opened.add(OnnxClassifier.open(ModelManifest.load(entry.folder(), entry.build()), labels));
                }
            }
            return new Models(
                    opened.getFirst(),
                    frontier.map(file -> opened.get(1)),
                    reference.map(file -> opened.getLast()),
                    first.quantization());
        } catch (IOException e) {
            opened.forEach(EdgeModel::close);
            throw new BadInput(String.valueOf(e.getMessage()), e);
        } catch (BadInput e) {
            opened.forEach(EdgeModel::close);
            throw e;
        }
    }

    private static Path labels(Entry edge) {
        Path beside = edge.folder().resolve(LABELS);
        Path ofWorkload = edge.folder()
                .resolve("../data")
                .resolve(edge.workload())
                .resolve(LABELS)
                .normalize();
        if (Files.isRegularFile(beside)) {
            return beside;
        }
        if (!edge.workload().isEmpty() && Files.isRegularFile(ofWorkload)) {
            return ofWorkload;
        }
        throw new BadInput("the labels of build " + edge.build() + " were not found in " + beside + " nor in "
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

    @Override
    public void close() {
        edge.close();
        frontier.ifPresent(EdgeModel::close);
        reference.ifPresent(EdgeModel::close);
    }
}
