// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
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
        return guardrail.kind() != GuardrailKind.COST;
    }

    /// What the guardrail makes of a whole block before it is read.
    static Pools prepare(Guardrail guardrail, Pools block) {
        return guardrail.kind() == GuardrailKind.COST
                ? block.withDerived(Readings.costBlock(block, Instruments.cap(guardrail)))
                : block;
    }

    /// Of the pairs that were asked for, those with both sides; 1 when none was asked for.
    static double completeness(Tally paired) {
        long all = paired.sum(Measures.PAIRS);
        long complete = paired.get(Measures.PAIRS, 0) + paired.get(Measures.PAIRS, 1);
        return all == 0 ? 1 : (double) complete / all;
    }
}
