// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.RolloutId;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// A rollout as it stands. `noted` is what the last decision said of each guardrail and of drift, so that a change is
/// told once.
public record Rollout(Identity identity, Phase phase, Times times, Lease lease, Map<String, String> noted) {
    public Rollout {
        noted = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(noted)));
    }

    public record Identity(
            RolloutId id, String tenant, String workload, Model champion, Model.Build challenger, Instant createdAt) {}

    /// `deadline` is when the stage's time is over; `decidedAt` when the last decision was written.
    public record Times(Instant phaseSince, Instant stageSince, Instant deadline, Instant decidedAt) {}

    /// The last lease; issue 0 before the first one.
    public record Lease(long issue, Instant at) {}

    public RolloutId id() {
        return identity.id();
    }

    /// Share of the units that the challenger serves now.
    public int shareBp(Plan plan) {
        return switch (phase) {
            case Phase.Active active -> plan.stage(active.stage()).shareBp();
            case Phase.Paused paused -> plan.stage(paused.at().stage()).shareBp();
            case Phase.Completed completed -> 10_000;
            case Phase.RolledBack rolledBack -> 0;
            case Phase.Aborted aborted -> 0;
        };
    }

    /// Whether devices need a live lease to go on.
    public boolean isLeased() {
        return switch (phase) {
            case Phase.Shadow shadow -> false;
            case Phase.Canary canary -> true;
            case Phase.Paused paused -> paused.at() instanceof Phase.Canary;
            case Phase.Ended ended -> false;
        };
    }

    Rollout withPhase(Phase next, Instant now) {
        return new Rollout(
                identity, next, new Times(now, times.stageSince(), times.deadline(), times.decidedAt()), lease, noted);
    }

    /// Begins a stage: its clock starts.
    Rollout enter(Phase.Active next, Plan plan, Instant now) {
        Instant deadline = now.plusSeconds(plan.stage(next.stage()).maxSeconds());
        return new Rollout(identity, next, new Times(now, now, deadline, times.decidedAt()), lease, noted);
    }

    Rollout withDeadline(Instant deadline) {
        return new Rollout(
                identity,
                phase,
                new Times(times.phaseSince(), times.stageSince(), deadline, times.decidedAt()),
                lease,
                noted);
    }

    Rollout decided(Instant now, Map<String, String> said) {
        return new Rollout(
                identity, phase, new Times(times.phaseSince(), times.stageSince(), times.deadline(), now), lease, said);
    }

    Rollout leased(Instant now) {
        return new Rollout(identity, phase, times, new Lease(lease.issue() + 1, now), noted);
    }
}
