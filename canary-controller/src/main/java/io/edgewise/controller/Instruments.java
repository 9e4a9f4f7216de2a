// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static io.edgewise.statistics.sequential.Side.ABOVE;
import static io.edgewise.statistics.sequential.Side.BELOW;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.controller.Line.Claim;
import io.edgewise.controller.Line.Reading;
import io.edgewise.statistics.classification.WinShare;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.sequential.Exceedance;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tests of each kind of guardrail.
///
/// BREACH bets on device blocks, so that it speaks for the fleet; on the requests served only against the hard limit,
/// and for latency and cost, which are hard by nature: what users met is the harm itself. SAFE bets on device blocks
/// where the limit leaves 5 points or more; below that a clean device earns too little, and it bets on requests.
/// Calibration becomes SAFE by planned looks instead ({@link Track}).
final class Instruments {
    /// A control whose p99 moves by more than this needs a new limit.
    static final double CONTROL_MOVES = 0.2;

    private static final int COST_CAP = 2;

    private Instruments() {}

    static Instrument of(Guardrail guardrail, Baseline baseline) {
        return switch (guardrail.kind()) {
            case AGREEMENT -> agreement(guardrail, baseline);
            case REFUSAL -> refusal(guardrail, baseline);
            case ERROR -> error(guardrail, baseline);
            case WIN_SHARE -> winShare(guardrail, baseline);
            case CALIBRATION -> calibration(guardrail, baseline);
            case LATENCY_P99 -> latency(baseline);
            case COST, ENERGY -> cost(guardrail, baseline);
            case COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN -> Shares.of(guardrail, baseline);
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
                    HOLDOUT -> throw Totals.elsewhere(guardrail.kind());
        };
    }

    /// A block's mean cost counts up to here; SAFE is withheld once one was above.
    static double cap(Guardrail guardrail) {
        return COST_CAP * guardrail.limit();
    }

    private static Instrument agreement(Guardrail guardrail, Baseline baseline) {
        double limit = 1 - guardrail.limit();
        Reading blocks = pools -> Readings.blocks(pools.paired(), Measures.BLOCKS_DISAGREE, 1);
        Reading safeBlocks = pools -> Readings.blocks(pools.paired(), Measures.BLOCKS_DISAGREE_SAFE, 1);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Claim.BREACH, unit(Purpose.BREACH, ABOVE, limit), blocks));
        guardrail
                .hardLimit()
                .ifPresent(hard -> lines.add(
                        new Line(Claim.HARD_BREACH, unit(Purpose.BREACH, ABOVE, 1 - hard), Readings::disagreements)));
        lines.add(new Line(
                Claim.SAFE,
                unit(Purpose.SAFE, BELOW, limit),
                guardrail.safeForFleet() ? safeBlocks : Readings::disagreementsOrMissing));
        return new Instrument(baseline, List.copyOf(lines), Readings::disagreements, Optional.of(blocks), 0, 1);
    }

    private static Instrument refusal(Guardrail guardrail, Baseline baseline) {
        Reading blocks = pools -> Readings.blocks(pools.paired(), Measures.BLOCKS_REFUSAL, 1);
        return upper(guardrail, baseline, guardrail.limit(), Readings::refusals, blocks, -1);
    }

    private static Instrument error(Guardrail guardrail, Baseline baseline) {
        double control = baseline instanceof Baseline.ControlFailures failures ? failures.bound() : 0;
        double limit = Math.min(1, guardrail.limit() + control);
        return upper(guardrail, baseline, limit, Readings::failures, Readings::failureBlocks, 0);
    }

    /// Too much is bad; values lie in [low, 1].
    private static Instrument upper(
            Guardrail guardrail, Baseline baseline, double limit, Reading requests, Reading blocks, double low) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Claim.BREACH, new MeanTest(Purpose.BREACH, ABOVE, limit, low, 1), blocks));
        guardrail
                .hardLimit()
                .ifPresent(hard -> lines.add(
                        new Line(Claim.HARD_BREACH, new MeanTest(Purpose.BREACH, ABOVE, hard, low, 1), requests)));
        lines.add(new Line(
                Claim.SAFE,
                new MeanTest(Purpose.SAFE, BELOW, limit, low, 1),
                guardrail.safeForFleet() ? blocks : requests));
        return new Instrument(baseline, List.copyOf(lines), requests, Optional.of(blocks), low, 1);
    }

    private static Instrument winShare(Guardrail guardrail, Baseline baseline) {
        Reading blocks = pools -> Readings.blocks(pools.paired(), Measures.BLOCKS_WINS, 0.5);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Claim.BREACH, WinShare.below(guardrail.limit()), blocks));
        guardrail
                .hardLimit()
                .ifPresent(hard -> lines.add(new Line(Claim.HARD_BREACH, WinShare.below(hard), Readings::wins)));
        lines.add(new Line(
                Claim.SAFE, WinShare.above(guardrail.limit()), guardrail.safeForFleet() ? blocks : Readings::wins));
        return new Instrument(baseline, List.copyOf(lines), Readings::wins, Optional.of(blocks), 0, 1);
    }

    private static Instrument calibration(Guardrail guardrail, Baseline baseline) {
        double limit = guardrail.limit();
        Reading blocks = pools -> Readings.blocks(pools.paired(), Measures.BLOCKS_CALIBRATION, 0.01);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Claim.BREACH, gap(ABOVE, limit), blocks));
        lines.add(new Line(Claim.BREACH, gap(BELOW, -limit), blocks));
        guardrail.hardLimit().ifPresent(hard -> {
            lines.add(new Line(Claim.HARD_BREACH, gap(ABOVE, hard), Readings::gaps));
            lines.add(new Line(Claim.HARD_BREACH, gap(BELOW, -hard), Readings::gaps));
        });
        return new Instrument(baseline, List.copyOf(lines), Readings::gaps, Optional.of(blocks), -1, 1);
    }

    /// Beside the canary the control itself is watched: more than 1 % of it slower than 1.2 times its bound, or fewer
    /// than 1 % slower than 0.8 times it, says that its p99 has moved.
    private static Instrument latency(Baseline baseline) {
        if (!(baseline instanceof Baseline.ControlLatency control)) {
            throw new IllegalArgumentException("latency is measured against the control's p99, not " + baseline);
        }
        Exceedance limit = control.limit();
        int raised = LogGrid.cell(limit.p99Bound() * (1 + CONTROL_MOVES));
        int lowered = LogGrid.cell(limit.p99Bound() * (1 - CONTROL_MOVES));
        Reading slower = pools -> limit.slow(Readings.latencies(pools.derived()), Purpose.BREACH);
        Reading slowOrUnknown = pools -> limit.slow(Readings.latencies(pools.derived()), Purpose.SAFE);
        return new Instrument(
                baseline,
                List.of(
                        new Line(Claim.HARD_BREACH, Exceedance.breach(), slower),
                        new Line(Claim.SAFE, Exceedance.safe(), slowOrUnknown),
                        new Line(
                                Claim.CONTROL_MOVED,
                                Exceedance.breach(),
                                pools -> Readings.controlAbove(pools, raised)),
                        new Line(
                                Claim.CONTROL_MOVED,
                                unit(Purpose.BREACH, BELOW, Exceedance.SHARE),
                                pools -> Readings.controlAbove(pools, lowered))),
                slower,
                Optional.empty(),
                0,
                1);
    }

    private static Instrument cost(Guardrail guardrail, Baseline baseline) {
        double cap = cap(guardrail);
        Reading down = pools -> Readings.costs(pools, cap, false);
        Reading up = pools -> Readings.costs(pools, cap, true);
        return new Instrument(
                baseline,
                List.of(
                        new Line(
                                Claim.HARD_BREACH,
                                new MeanTest(Purpose.BREACH, ABOVE, guardrail.limit(), 0, cap),
                                down),
                        new Line(Claim.SAFE, new MeanTest(Purpose.SAFE, BELOW, guardrail.limit(), 0, cap), up)),
                down,
                Optional.empty(),
                0,
                cap);
    }

    private static MeanTest unit(Purpose purpose, Side side, double limit) {
        return new MeanTest(purpose, side, limit, 0, 1);
    }

    private static MeanTest gap(Side side, double limit) {
        return new MeanTest(Purpose.BREACH, side, limit, -1, 1);
    }
}
