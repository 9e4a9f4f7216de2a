// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The label set of a task, in the order of a model's outputs.
public final class Labels {
    private Labels() {}

    /// Reads a list of texts, or of `{"index": n, "intent": "label", ...}`, which must be dense and in order.
    public static List<String> load(Path file) throws IOException {
        JsonNode entries;
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file of labels " + file);
        }
        try {
            entries = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
        List<String> labels = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (entry.isTextual() && !entry.asText().isBlank()) {
                labels.add(entry.asText());
                continue;
            }
            if (entry.path("index").asInt(-1) != labels.size()
                    || entry.path("intent").asText().isBlank()) {
                throw new IOException(file + ": entry " + labels.size() + " is " + entry
                        + "; expected a text, or \"index\": " + labels.size() + " and a text \"intent\"");
            }
            labels.add(entry.path("intent").asText());
        }
        if (labels.isEmpty()) {
            throw new IOException(file + " holds no labels");
        }
        return List.copyOf(labels);
    }
}
