// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.Instant;
import java.util.Optional;

/// Since when nothing is measured that can be trusted, and whether the plan's policy acts on it.
final class Silence {
    private Silence() {}

    /// The rollout with what this look found: since when its measurement is broken.
    static Rollout noticed(Rollout rollout, Evidence evidence, Instant now) {
        Optional<Instant> known = rollout.carried().faultSince();
        boolean broken =
                rollout.phase() instanceof Phase.Active && !evidence.fault().isEmpty();
        Optional<Instant> since = broken ? known.or(() -> Optional.of(now)) : Optional.empty();
        return since.equals(known)
                ? rollout
                : rollout.carrying(rollout.carried().faulty(since));
    }

    /// Why the policy acts; empty where its time has not come, or there is none.
    static Optional<String> reason(Rollout rollout, Phase.Active active, Plan plan, Evidence evidence, Instant now) {
        String stage = plan.stage(active.stage()).name();
        return plan.conduct()
                .noEvidence()
                .map(Conduct.NoEvidence::afterSeconds)
                .filter(seconds ->
                        !now.isBefore(since(rollout, active, evidence, now).plusSeconds(seconds)))
                .map(seconds -> evidence.fault().isEmpty()
                        ? "nothing was measured in \"" + stage + "\" for " + Words.seconds(seconds) + "."
                        : "nothing that can be trusted was measured in \"" + stage + "\" for " + Words.seconds(seconds)
                                + ": " + evidence.fault() + ".");
    }

    /// While the measurement is broken: since it broke, since nobody can say what arrives.
    private static Instant since(Rollout rollout, Phase.Active active, Evidence evidence, Instant now) {
        Instant begun = rollout.times().stageSince();
        return (evidence.fault().isEmpty()
                        ? evidence.lastSeen(active.stage(), now)
                        : rollout.carried().faultSince())
                .filter(seen -> seen.isAfter(begun))
                .orElse(begun);
    }
}
