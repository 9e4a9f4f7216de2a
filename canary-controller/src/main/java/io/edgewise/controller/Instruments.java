// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static io.edgewise.statistics.sequential.Side.ABOVE;
import static io.edgewise.statistics.sequential.Side.BELOW;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.controller.Line.Claim;
import io.edgewise.controller.Line.Reading;
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
final class Instruments {
    /// "p99 at most tau" is "at most 1 % above tau".
    static final double EXCEEDANCE = 0.01;

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
            case COST -> cost(guardrail, baseline);
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
        lines.add(new Line(Claim.BREACH, unit(Purpose.BREACH, BELOW, guardrail.limit()), blocks));
        guardrail
                .hardLimit()
                .ifPresent(hard ->
                        lines.add(new Line(Claim.HARD_BREACH, unit(Purpose.BREACH, BELOW, hard), Readings::wins)));
        lines.add(new Line(
                Claim.SAFE,
                unit(Purpose.SAFE, ABOVE, guardrail.limit()),
                guardrail.safeForFleet() ? blocks : Readings::wins));
        return new Instrument(baseline, List.copyOf(lines), Readings::wins, Optional.of(blocks), 0, 1);
    }

    private static Instrument calibration(Guardrail guardrail, Baseline baseline) {
        double limit = guardrail.limit();
        Reading blocks = pools -> Readings.blocks(pools.paired(), Measures.BLOCKS_CALIBRATION, 0.01);
        Reading safe = guardrail.safeForFleet() ? blocks : Readings::gaps;
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Claim.BREACH, gap(Purpose.BREACH, ABOVE, limit), blocks));
        lines.add(new Line(Claim.BREACH, gap(Purpose.BREACH, BELOW, -limit), blocks));
        guardrail.hardLimit().ifPresent(hard -> {
            lines.add(new Line(Claim.HARD_BREACH, gap(Purpose.BREACH, ABOVE, hard), Readings::gaps));
            lines.add(new Line(Claim.HARD_BREACH, gap(Purpose.BREACH, BELOW, -hard), Readings::gaps));
        });
        lines.add(new Line(Claim.SAFE, gap(Purpose.SAFE, BELOW, limit), safe));
        lines.add(new Line(Claim.SAFE, gap(Purpose.SAFE, ABOVE, -limit), safe));
        return new Instrument(baseline, List.copyOf(lines), Readings::gaps, Optional.of(blocks), -1, 1);
    }

    private static Instrument latency(Baseline baseline) {
        int cell = baseline instanceof Baseline.ControlLatency latency ? latency.tauCell() : Integer.MAX_VALUE;
        Reading slower = pools -> Readings.slower(pools, cell);
        return new Instrument(
                baseline,
                List.of(
                        new Line(Claim.HARD_BREACH, unit(Purpose.BREACH, ABOVE, EXCEEDANCE), slower),
                        new Line(Claim.SAFE, unit(Purpose.SAFE, BELOW, EXCEEDANCE), slower)),
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

    private static MeanTest gap(Purpose purpose, Side side, double limit) {
        return new MeanTest(purpose, side, limit, -1, 1);
    }
}
