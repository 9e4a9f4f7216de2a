// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.List;
import java.util.OptionalDouble;

/// What a model on the device answered. Entropy is in nats; `top` holds the most probable labels, best first.
public record ModelAnswer(
        String label, OptionalDouble confidence, OptionalDouble entropy, List<Candidate> top, Spoken spoken) {
    /// A label and its probability.
    public record Candidate(String label, double probability) {}

    public ModelAnswer {
        top = List.copyOf(top);
    }

    /// A classifier's answer.
    public ModelAnswer(String label, double confidence, double entropy, List<Candidate> top) {
        this(label, OptionalDouble.of(confidence), OptionalDouble.of(entropy), top, Spoken.NOTHING);
    }
}
