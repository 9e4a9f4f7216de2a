// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.statistics.classification.AgreementTotals;
import io.edgewise.statistics.classification.WinShare;
import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.McNemar;
import io.edgewise.statistics.proportion.Proportion;
import java.util.Optional;

/// The figures of some pairs.
///
/// @param agreement among pairs with both sides
/// @param mcNemar the edge model is the first; zeros without truth
/// @param wins on disagreements with truth
public record Summary(
        long rows,
        AgreementTotals totals,
        Proportion agreement,
        Interval interval,
        FloorVerdict verdict,
        Agreed agreed,
        McNemar mcNemar,
        WinShare wins,
        Proportion edgeAccuracy,
        Proportion frontierAccuracy,
        Optional<Calibration> truth,
        Optional<Calibration> frontier,
        Proportion edgeRefusal,
        Proportion frontierRefusal,
        Proportion escalation,
        Optional<Latency> edgeLatency,
        Optional<Latency> frontierLatency) {
    /// One minus the level of all intervals.
    public static final double ALPHA = 0.05;

    static Summary of(Tally tally, double floor) {
        AgreementTotals totals = tally.totals();
        Proportion agreement = new Proportion(totals.agree(), totals.joined());
        return new Summary(
                tally.rows(),
                totals,
                agreement,
                agreement.wilson(ALPHA),
                FloorVerdict.of(totals, floor, ALPHA),
                Agreed.of(tally.table()),
                tally.mcNemar(),
                tally.wins(),
                tally.edgeAccuracy(),
                tally.frontierAccuracy(),
                Calibration.of(tally.againstTruth(), true),
                Calibration.of(tally.againstFrontier(), false),
                tally.edgeRefusal(),
                tally.frontierRefusal(),
                tally.escalation(),
                Latency.of(tally.edgeLatency()),
                Latency.of(tally.frontierLatency()));
    }

    public boolean hasTruth() {
        return edgeAccuracy.n() > 0;
    }

    public boolean hasRefusals() {
        return edgeRefusal.n() > 0 || frontierRefusal.n() > 0;
    }
}
