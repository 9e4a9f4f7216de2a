// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.List;

/// The next state and what follows from it. `told` says what the rollout waits for, decided or not.
public record Transition(Rollout next, List<Effect> effects, List<Verdict> verdicts, Lazy<String> told) {
    public Transition {
        effects = List.copyOf(effects);
        verdicts = List.copyOf(verdicts);
    }

    public String outlook() {
        return told.get();
    }

    /// Whether something goes into the log.
    public boolean decides() {
        return effects.stream().anyMatch(effect -> effect instanceof Effect.Write);
    }
}
