// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What the user met: the arms tried until one answered, the reason if that was not the assigned one, how
/// long it took (the whole of it, and until the first token of a streamed answer), and whether the edge
/// was not trusted.
record Outcome(
        List<Attempt> attempts,
        Optional<Attempt> served,
        String fallbackReason,
        long latencyUs,
        OptionalLong firstTokenUs,
        Escalation escalation) {
    /// Why the champion was asked though the challenger was assigned; empty when it was not. `afterEdge`:
    /// the edge had answered before. `later`: the edge's answer was served, and the champion is asked
    /// after the response.
    record Escalation(String why, boolean afterEdge, boolean later) {
        static final Escalation NONE = new Escalation("", false, false);
        static final String VERIFY = "verify:";
        static final String MIRROR = "mirror:";
    }

    Outcome {
        attempts = List.copyOf(attempts);
    }

    /// The same with the arms that were asked after the response.
    List<Attempt> with(List<Attempt> mirrored) {
        List<Attempt> all = new ArrayList<>(attempts);
        all.addAll(mirrored);
        return all;
    }

    /// The champion answered, and the edge's answer beside it is one that would not be trusted.
    Outcome doubtedBeside(String why) {
        String told = escalation.why().isEmpty() ? Escalation.MIRROR + why : escalation.why();
        return new Outcome(
                attempts, served, fallbackReason, latencyUs, firstTokenUs, new Escalation(told, true, false));
    }

    boolean offline() {
        return attempts.stream().anyMatch(Attempt::offline);
    }
}
