// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Instant;
import java.util.List;

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

    public Decision {
        breached = List.copyOf(breached);
    }

    /// Whether the controller did this by itself, without a person.
    public boolean isOwn(String act) {
        return kind.equals(act) && actor.equals(CONTROLLER);
    }
}
