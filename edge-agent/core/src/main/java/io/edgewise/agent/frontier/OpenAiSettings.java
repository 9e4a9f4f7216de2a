// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.frontier;

import io.edgewise.agent.openai.OpenAiEndpoint;
import io.edgewise.contracts.Workload;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How to reach an OpenAI-compatible endpoint. `base` is what stands before "/v1/chat/completions"; the
/// timeout covers one request from its start to the last byte of the answer. An empty prompt is none.
public record OpenAiSettings(
        String provider, URI base, String model, Optional<String> apiKey, String prompt, Duration timeout) {
    public OpenAiSettings {
        var _ = new OpenAiEndpoint.Place("frontier " + provider, base, timeout);
    }

    /// The system prompt of a text that comes without a chat: of a closed label set, its labels; else none.
    public static String instruction(Workload workload) {
        return workload.labels().isEmpty() ? "" : classify(workload.labels());
    }

    public static String classify(List<String> labels) {
        return "Classify the user's utterance. Answer with exactly one of these labels and nothing else: "
                + String.join(", ", labels);
    }

    @Override
    public String toString() {
        return "OpenAiSettings[" + provider + ", " + base + ", " + model + "]";
    }
}
