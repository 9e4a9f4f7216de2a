// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import io.edgewise.contracts.tally.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Rows of the published views, as far as the pages need them. An empty optional is a SQL null.
public final class Rows {
    /// The slice that holds everything.
    public static final String ALL = "all";

    private Rows() {}

    public record Rollout(
            String tenant,
            String id,
            String workload,
            String champion,
            String challenger,
            String phase,
            int stage,
            String stageName,
            int shareBp,
            long revision,
            List<PlanStage> plan,
            Instant createdAt,
            Instant stageSince,
            Instant updatedAt,
            Optional<String> outcome,
            String lastDecision) {
        public Rollout {
            plan = List.copyOf(plan);
        }
    }

    /// What a rollout's devices told, and how much of the chance of a false roll-back is spent, of how much.
    public record Standing(
            long known,
            long unconfirmed,
            long awaited,
            long crashed,
            long broke,
            long silent,
            double alphaSpent,
            double alpha) {}

    /// A step of the plan; `atLeast` is zero where the plan names no shortest time.
    public record PlanStage(String name, int shareBp, Duration atLeast) {}

    /// One partition's counters of a stage, cohort and slice.
    public record Evidence(int stage, int cohort, boolean escalated, String slice, Tally tally) {}

    /// One minute of event time, all slices together.
    public record Window(long minute, int stage, int cohort, Tally tally) {}

    /// One hour of event time as its figures, all slices together.
    public record Hour(
            long minute,
            int stage,
            int cohort,
            long requests,
            OptionalDouble championShare,
            OptionalDouble challengerShare,
            OptionalDouble p50,
            OptionalDouble p95,
            OptionalDouble p99,
            OptionalDouble cost,
            long compared,
            OptionalDouble agreement) {}

    /// Sums over all spools of a kind.
    public record Account(
            String kind,
            long spools,
            long lastSeq,
            long counted,
            long late,
            long rejected,
            long dropped,
            long lost,
            long duplicates,
            long openGaps,
            long imbalance) {}

    public record Counter(String name, long amount) {}

    public record Decision(
            long number, Instant at, String kind, String actor, int stage, int shareBp, String sentence, String hash) {}

    public record Verdict(
            String guardrail,
            String title,
            String verdict,
            String estimand,
            OptionalDouble estimate,
            OptionalDouble low,
            OptionalDouble high,
            OptionalDouble threshold,
            long observations,
            long devices,
            OptionalLong neededObservations,
            OptionalLong neededDevices,
            OptionalDouble evidence,
            OptionalDouble evidenceLimit,
            String sentence,
            Instant at) {}

    public record Score(
            String feature,
            long minute,
            long baselineN,
            long currentN,
            OptionalDouble psi,
            OptionalDouble psiCorrected,
            String severity,
            String verdict,
            OptionalLong needed,
            Shape shape,
            Missing missing) {}

    /// The whole distribution: Kolmogorov-Smirnov's D, for categories Cramér's V.
    public record Shape(OptionalDouble d, OptionalDouble v, OptionalDouble adjusted) {}

    /// Shares of observations without a value, in the baseline and now.
    public record Missing(OptionalDouble baseline, OptionalDouble current, OptionalDouble adjusted) {}

    public record Finding(
            String finding,
            String feature,
            String severity,
            long openedMinute,
            OptionalLong closedMinute,
            String sentence) {}
}
