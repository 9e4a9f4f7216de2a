// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.frontier;

import io.edgewise.contracts.Workload;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// How to reach an OpenAI-compatible endpoint. `base` is what stands before "/v1/chat/completions"; the timeout covers
/// one request from its start to the last byte of the answer.
public record OpenAiSettings(
        String provider, URI base, String model, Optional<String> apiKey, String prompt, Duration timeout) {
    public OpenAiSettings {
        String scheme = base.getScheme();
        if (scheme == null || !(scheme.equals("https") || scheme.equals("http")) || base.getHost() == null) {
            throw new IllegalArgumentException(
                    "frontier " + provider + ": \"" + base + "\" is not an http or https address with a host");
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("frontier " + provider + ": timeout " + timeout + " must be positive");
        }
    }

    /// The system prompt of a closed label set.
    public static String classify(Workload workload) {
        return "Classify the user's utterance. Answer with exactly one of these labels and nothing else: "
                + String.join(", ", workload.labels());
    }

    @Override
    public String toString() {
        return "OpenAiSettings[" + provider + ", " + base + ", " + model + "]";
    }
}
