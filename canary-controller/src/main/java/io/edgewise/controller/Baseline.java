// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.sequential.ConfidenceSequence;
import io.edgewise.statistics.sequential.Exceedance;
import java.util.Optional;

/// What a process is measured against, frozen from the blocks before the first one it counts.
sealed interface Baseline {
    /// Fewer control requests say too little of how often the champion fails.
    long ERROR_REQUESTS = 1_000;

    double BOUND_ALPHA = 0.05;

    /// The limit of the plan is absolute.
    record Absolute() implements Baseline {}

    /// `bound`: the upper bound of the control's failure rate.
    record ControlFailures(long failures, long attempts, double bound) implements Baseline {}

    /// How slow is slow: made of the control's p99.
    record ControlLatency(Exceedance limit) implements Baseline {}

    /// `median` of the champion's output lengths, and what may lie around it.
    record ChampionLength(long outputs, double median, double longest, double shortest) implements Baseline {}

    /// Empty while the process may not begin with this block. Looks at `before` only, apart from whether the block
    /// holds live requests at all: what is frozen does not depend on what it will judge.
    static Optional<Baseline> freeze(Guardrail guardrail, Track.Turn turn, Pools before, Pools block) {
        return switch (guardrail.kind()) {
            case AGREEMENT, REFUSAL, WIN_SHARE, CALIBRATION, COST, ENERGY -> Optional.of(new Absolute());
            case COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN -> Shares.freeze(guardrail, before);
            // Have no process of their own: functions of all that was counted.
            case CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> Optional.empty();
            case ERROR -> failures(before.control());
            case LATENCY_P99 ->
                block.canary().get(Measures.REQUESTS, 0) > 0
                        ? Exceedance.freeze(control(turn, before, block), guardrail.limit())
                                .map(ControlLatency::new)
                        : Optional.empty();
        };
    }

    private static Optional<Baseline> failures(Tally control) {
        long attempts = control.get(Measures.ASSIGNED, 0);
        long failed = control.get(Measures.ASSIGNED, 1);
        if (attempts < ERROR_REQUESTS) {
            return Optional.empty();
        }
        double bound =
                ConfidenceSequence.bernoulli(failed, attempts, BOUND_ALPHA).high();
        return Optional.of(new ControlFailures(failed, attempts, bound));
    }

    /// The latencies that a process' limit is made of: those of the shadow, or of all control requests so far
    /// where shadow ended with too few; after a control that moved, those since then. Where there is no control
    /// any more, at 100 %, and it gave too few since, all that it ever gave: its frozen sketch.
    static Cells control(Track.Turn turn, Pools before, Pools block) {
        if (turn.number() > 1) {
            Cells since = Readings.latencies(
                    Pools.only(Measures.USER_LATENCY, before.control()).minus(turn.controlBefore()));
            boolean isOver = block.control().get(Measures.REQUESTS, 0) == 0;
            return isOver && since.total() < Exceedance.FEWEST_REQUESTS ? Readings.latencies(before.control()) : since;
        }
        Cells shadow = Readings.latencies(before.shadow());
        return shadow.total() < Exceedance.FEWEST_REQUESTS ? Readings.latencies(before.control()) : shadow;
    }
}
