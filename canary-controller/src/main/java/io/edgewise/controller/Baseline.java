// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import io.edgewise.statistics.sequential.ConfidenceSequence;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a process is measured against, frozen from the blocks before the first one it counts.
sealed interface Baseline {
    /// Fewer control requests say too little of how often the champion fails.
    long ERROR_REQUESTS = 1_000;

    /// Fewer control requests do not carry a p99.
    long LATENCY_REQUESTS = 2_000;

    double BOUND_ALPHA = 0.05;
    double QUANTILE = 0.99;

    /// The limit of the plan is absolute.
    record Absolute() implements Baseline {}

    /// `bound`: the upper bound of the control's failure rate.
    record ControlFailures(long failures, long attempts, double bound) implements Baseline {}

    /// Slower than `tauUs` is a latency cell above `tauCell`; `p99Us` is the bound it was made of.
    record ControlLatency(long requests, double p99Us, int tauCell, double tauUs) implements Baseline {}

    /// Empty while the process may not begin with this block. Looks at `before` only, apart from whether the block
    /// holds live requests at all: what is frozen does not depend on what it will judge.
    static Optional<Baseline> freeze(Guardrail guardrail, Pools before, Pools block) {
        return switch (guardrail.kind()) {
            case AGREEMENT, REFUSAL, WIN_SHARE, CALIBRATION, COST -> Optional.of(new Absolute());
            case ERROR -> failures(before.control());
            case LATENCY_P99 ->
                block.canary().get(Measures.REQUESTS, 0) > 0 ? latency(before, guardrail.limit()) : Optional.empty();
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

    /// Of the shadow, or of all control requests so far where shadow ended with too few.
    private static Optional<Baseline> latency(Pools before, double growth) {
        Cells shadow = cells(before.shadow().read(Measures.USER_LATENCY));
        Cells cells = shadow.total() < LATENCY_REQUESTS ? cells(before.control().read(Measures.USER_LATENCY)) : shadow;
        long requests = cells.total();
        if (requests < LATENCY_REQUESTS) {
            return Optional.empty();
        }
        OptionalDouble bound = Quantiles.upperBound(cells, QUANTILE, 1 - BOUND_ALPHA);
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        int cell = LogGrid.cell(bound.getAsDouble() * (1 + growth));
        return Optional.of(new ControlLatency(requests, bound.getAsDouble(), cell, LogGrid.upper(cell)));
    }

    static Cells cells(Counts counts) {
        int[] buckets = counts.buckets();
        long[] amounts = new long[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            amounts[i] = counts.get(buckets[i]);
        }
        return new Cells(buckets, amounts);
    }
}
