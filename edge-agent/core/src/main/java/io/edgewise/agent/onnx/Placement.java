// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which share of a model's operators ran on which execution provider, as ONNX Runtime's profile tells: a
/// provider that was asked for takes what it can, and leaves the rest to the CPU without a word.
final class Placement {
    private static final String SUFFIX = "ExecutionProvider";

    private Placement() {}

    /// Provider -> share of the operators, from a profile's file.
    static Map<String, Double> read(Path profile) throws IOException {
        Map<String, Set<String>> nodes = new HashMap<>();
        int all = 0;
        for (JsonNode event : new ObjectMapper().readTree(Files.readAllBytes(profile))) {
            String provider = event.path("args").path("provider").asText();
            boolean isRun = event.path("cat").asText().equals("Node")
                    && event.path("name").asText().endsWith("_kernel_time")
                    && !provider.isEmpty();
            if (isRun
                    && nodes.computeIfAbsent(name(provider), name -> new HashSet<>())
                            .add(event.path("name").asText())) {
                all++;
            }
        }
        Map<String, Double> shares = new TreeMap<>();
        for (Map.Entry<String, Set<String>> entry : nodes.entrySet()) {
            shares.put(entry.getKey(), (double) entry.getValue().size() / all);
        }
        return shares;
    }

    private static String name(String provider) {
        String name = provider.endsWith(SUFFIX) ? provider.substring(0, provider.length() - SUFFIX.length()) : provider;
        return name.toLowerCase(java.util.Locale.ROOT);
    }
}
