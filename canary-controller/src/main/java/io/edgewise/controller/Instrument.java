// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.classification.AgreementTotals;
import java.util.List;
import java.util.Optional;

/// How a guardrail is measured once its baseline stands: its tests, and the readings that are shown, in [low, high].
record Instrument(
        Baseline baseline,
        List<Line> lines,
        Line.Reading requests,
        Optional<Line.Reading> fleet,
        double low,
        double high) {

    /// Whether a half-filled evidence block may be looked at: not where a bet is on the block's mean.
    static boolean mayPeek(Guardrail guardrail) {
        return !guardrail.kind().isOfBlocks();
    }

    /// What the guardrail makes of a block before it is read: what its process counts, and nothing before it.
    static Pools prepare(Guardrail guardrail, Pools block) {
        return switch (guardrail.kind()) {
            case COST -> block.withDerived(Readings.blockMean(block, Measures.USER_COST, Instruments.cap(guardrail)));
            case ENERGY ->
                block.withDerived(Readings.blockMean(block, Measures.USER_ENERGY, Instruments.cap(guardrail)));
            case LATENCY_P99 -> block.withDerived(Pools.only(Measures.USER_LATENCY, block.canary()));
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    WIN_SHARE,
                    CALIBRATION,
                    COMPLETION,
                    FEEDBACK,
                    OUTPUT_LENGTH,
                    LATENCY_P95,
                    FIRST_TOKEN,
                    CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> block;
        };
    }

    /// Of the pairs that were asked for, those with both sides; 1 when none was asked for.
    static double completeness(Tally paired) {
        AgreementTotals totals = new AgreementTotals(
                paired.get(Measures.PAIRS, 0),
                paired.get(Measures.PAIRS, 1),
                paired.get(Measures.PAIRS, 2),
                paired.get(Measures.PAIRS, 3));
        return paired.sum(Measures.PAIRS) == 0 ? 1 : totals.completeness();
    }
}
