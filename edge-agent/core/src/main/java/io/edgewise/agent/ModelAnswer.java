// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.List;

/// What a model on the device answered. Entropy is in nats; `top` holds the most probable labels, best first.
public record ModelAnswer(String label, double confidence, double entropy, List<Candidate> top) {
    /// A label and its probability.
    public record Candidate(String label, double probability) {}

    public ModelAnswer {
        top = List.copyOf(top);
    }
}
