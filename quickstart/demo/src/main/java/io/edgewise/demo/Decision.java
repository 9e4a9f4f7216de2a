// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A line of the rollout's decision log. `breached` names the guardrails that its evidence says are breached.
public record Decision(
        long number,
        Instant at,
        String kind,
        String actor,
        int stage,
        int shareBp,
        String sentence,
        List<String> breached) {
    private static final String CONTROLLER = "controller";
    private static final String CONFIRMED = "confirmed";

    public Decision {
        breached = List.copyOf(breached);
    }

    /// The last of a log that decided something: that devices have confirmed a roll-back is told after it.
    public static Optional<Decision> last(List<Decision> log) {
        return log.stream()
                .filter(decision -> !decision.kind().equals(CONFIRMED))
                .reduce((earlier, later) -> later);
    }

    /// Whether the controller did this by itself, without a person.
    public boolean isOwn(String act) {
        return kind.equals(act) && actor.equals(CONTROLLER);
    }
}
