// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A rollout as the server tells it. `outlook` is what it waits for.
public record RolloutState(
        String id,
        String phase,
        int stage,
        String stageName,
        int shareBp,
        Instant stageSince,
        Optional<Ending> ending,
        String lastDecision,
        String outlook,
        List<Verdict> verdicts) {
    /// The phase in which nothing is decided until a person acts.
    public static final String PAUSED = "paused";

    public RolloutState {
        verdicts = List.copyOf(verdicts);
    }

    /// What a guardrail says at present.
    public record Verdict(
            String guardrail, String title, String verdict, Optional<Interval> interval, long needed, String sentence) {
        public boolean isUndecided() {
            return verdict.equals("UNDECIDED");
        }
    }

    /// The agreement of the two arms, once it is known.
    public Optional<Interval> agreement() {
        return verdicts.stream()
                .filter(verdict -> verdict.guardrail().equals(DemoPlan.AGREEMENT))
                .findFirst()
                .flatMap(Verdict::interval);
    }
}
