// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.RolloutId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A rollout as it stands. `noted` is what the last decision said of each guardrail and of drift, so that a change is
/// told once.
public record Rollout(
        Identity identity, Phase phase, Times times, Lease lease, Map<String, String> noted, Carried carried) {
    /// That has carried nothing so far.
    public Rollout(Identity identity, Phase phase, Times times, Lease lease, Map<String, String> noted) {
        this(identity, phase, times, lease, noted, Carried.NOTHING);
    }

    public Rollout {
        noted = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(noted)));
    }

    public record Identity(
            RolloutId id, String tenant, String workload, Model champion, Model.Build challenger, Instant createdAt) {}

    /// `deadline` is when the stage's time is over; `decidedAt` when the last decision was written.
    public record Times(Instant phaseSince, Instant stageSince, Instant deadline, Instant decidedAt) {}

    /// The last lease; issue 0 before the first one.
    public record Lease(long issue, Instant at) {}

    /// What is carried from decision to decision: since when users are exposed, who has approved the
    /// next step, how many examples of the offline set agreed, since when the measurement is broken,
    /// and whether the way back ends as aborted: the build is not judged.
    public record Carried(
            Optional<Instant> exposedSince,
            SortedSet<String> approvals,
            long examples,
            long agreed,
            Optional<Instant> faultSince,
            boolean abandoned) {
        public static final Carried NOTHING =
                new Carried(Optional.empty(), new TreeSet<>(), 0, 0, Optional.empty(), false);

        public Carried {
            approvals = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(approvals));
        }

        Carried approvedBy(String who) {
            SortedSet<String> more = new TreeSet<>(approvals);
            more.add(who);
            return new Carried(exposedSince, more, examples, agreed, faultSince, abandoned);
        }

        Carried exposed(Optional<Instant> since) {
            return new Carried(since, approvals, examples, agreed, faultSince, abandoned);
        }

        /// With the next step before it, which nobody has approved yet.
        Carried unapproved() {
            return new Carried(exposedSince, new TreeSet<>(), examples, agreed, faultSince, abandoned);
        }

        Carried validated(long allExamples, long allAgreed) {
            return new Carried(exposedSince, approvals, allExamples, allAgreed, faultSince, abandoned);
        }

        Carried faulty(Optional<Instant> since) {
            return new Carried(exposedSince, approvals, examples, agreed, since, abandoned);
        }

        Carried abandoning() {
            return new Carried(exposedSince, approvals, examples, agreed, faultSince, true);
        }
    }

    public RolloutId id() {
        return identity.id();
    }

    /// Share of the units that the challenger serves now.
    public int shareBp(Plan plan) {
        return switch (phase) {
            case Phase.Active active -> plan.shareBp(active.stage());
            case Phase.Paused paused -> plan.shareBp(paused.at().stage());
            case Phase.Watched watched -> plan.shareBp(watched.stage());
            case Phase.Completed completed ->
                plan.conduct().hybrid() ? plan.stage(plan.lastStage()).shareBp() : 10_000;
            case Phase.Draft draft -> 0;
            case Phase.Validating validating -> 0;
            case Phase.RollingBack rollingBack -> 0;
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
            case Phase.Watched watched -> true;
            case Phase.Draft draft -> false;
            case Phase.Validating validating -> false;
            case Phase.RollingBack rollingBack -> false;
            case Phase.Ended ended -> false;
        };
    }

    /// When no device can act by a lease of this rollout any more, once it has been called back: the last lease has run
    /// out, and the way back was taken. What counts from the present phase is never too early.
    public Instant returnedBy(Plan plan) {
        return times.phaseSince()
                .plusSeconds(60L * plan.terms().leaseMinutes()
                        + plan.terms().returnSpreadSeconds()
                        + plan.terms().freshnessSeconds());
    }

    Rollout withPhase(Phase next, Instant now) {
        return new Rollout(
                identity,
                next,
                new Times(now, times.stageSince(), times.deadline(), times.decidedAt()),
                lease,
                noted,
                carried);
    }

    /// Begins a stage: its clock starts.
    Rollout enter(Phase.Active next, Plan plan, Instant now) {
        Instant deadline = now.plusSeconds(plan.stage(next.stage()).maxSeconds());
        Optional<Instant> exposed =
                next instanceof Phase.Canary && carried.exposedSince().isEmpty()
                        ? Optional.of(now)
                        : carried.exposedSince();
        return new Rollout(
                identity,
                next,
                new Times(now, now, deadline, times.decidedAt()),
                lease,
                noted,
                carried.exposed(exposed).unapproved());
    }

    Rollout carrying(Carried next) {
        return new Rollout(identity, phase, times, lease, noted, next);
    }

    Rollout withDeadline(Instant deadline) {
        return new Rollout(
                identity,
                phase,
                new Times(times.phaseSince(), times.stageSince(), deadline, times.decidedAt()),
                lease,
                noted,
                carried);
    }

    Rollout decided(Instant now, Map<String, String> said) {
        return new Rollout(
                identity,
                phase,
                new Times(times.phaseSince(), times.stageSince(), times.deadline(), now),
                lease,
                said,
                carried);
    }

    Rollout leased(Instant now) {
        return new Rollout(identity, phase, times, new Lease(lease.issue() + 1, now), noted, carried);
    }
}
