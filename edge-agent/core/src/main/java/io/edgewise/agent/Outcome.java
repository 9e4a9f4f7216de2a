// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What the user met: the arms tried until one answered, the reason if that was not the assigned one, and how long it
/// took: the whole of it, and until the first token of a streamed answer.
record Outcome(
        List<Attempt> attempts,
        Optional<Attempt> served,
        String fallbackReason,
        long latencyUs,
        OptionalLong firstTokenUs) {
    Outcome {
        attempts = List.copyOf(attempts);
    }

    /// The same with the arm that was mirrored after the response.
    List<Attempt> with(Attempt mirrored) {
        List<Attempt> all = new ArrayList<>(attempts);
        all.add(mirrored);
        return all;
    }

    boolean offline() {
        return attempts.stream().anyMatch(Attempt::offline);
    }
}
