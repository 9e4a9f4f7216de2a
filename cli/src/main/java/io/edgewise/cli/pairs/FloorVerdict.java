// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.statistics.classification.AgreementTotals;
import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.Proportion;
import io.edgewise.statistics.proportion.WilsonPlan;
import java.util.OptionalLong;

/// Whether agreement is shown to be above a floor, or below it. The interval's bound decides, never the point.
///
/// SAFE where the lower bound is above the floor, pairs without an edge answer counting as not agreeing, and at
/// least 98 % of the pairs have both sides; BREACH where the upper bound of the pairs with both sides is below it.
///
/// @param needed further pairs after which a share such as this one decides with 80 % power; empty where it is
///     decided, or where no number would
/// @param why one clause for people
public record FloorVerdict(Word word, OptionalLong needed, String why) {
    private static final double POWER = 0.8;

    /// The four answers.
    public enum Word {
        SAFE,
        BREACH,
        UNDECIDED,
        NO_EVIDENCE;

        @Override
        public String toString() {
            return name().replace('_', '-');
        }
    }

    static FloorVerdict of(AgreementTotals totals, double floor, double alpha) {
        if (totals.joined() == 0) {
            return new FloorVerdict(Word.NO_EVIDENCE, OptionalLong.empty(), "no pair has both sides");
        }
        Interval breach = new Proportion(totals.agree(), totals.joined()).wilson(alpha);
        Proportion safe = new Proportion(totals.agree(), totals.joined() + totals.missingChallenger());
        if (breach.high() < floor) {
            return new FloorVerdict(Word.BREACH, OptionalLong.empty(), "the interval lies below the floor");
        }
        if (safe.wilson(alpha).low() > floor) {
            return totals.isComplete()
                    ? new FloorVerdict(Word.SAFE, OptionalLong.empty(), "the interval lies above the floor")
                    : new FloorVerdict(
                            Word.UNDECIDED,
                            OptionalLong.empty(),
                            "the interval lies above the floor, but fewer than 98 % of the pairs have both sides");
        }
        return totals.isComplete()
                ? new FloorVerdict(Word.UNDECIDED, needed(safe, floor, alpha), "the interval holds the floor")
                : new FloorVerdict(
                        Word.UNDECIDED, OptionalLong.empty(), "fewer than 98 % of the pairs have both sides");
    }

    private static OptionalLong needed(Proportion seen, double floor, double alpha) {
        double share = seen.share();
        double half = 0.5 / seen.n();
        double truth = Math.clamp(share, half, 1 - half);
        OptionalLong all = share > floor
                ? new WilsonPlan(floor, truth, alpha / 2).observations(POWER)
                : new WilsonPlan(1 - floor, 1 - truth, alpha / 2).observations(POWER);
        return all.isEmpty() ? all : OptionalLong.of(Math.max(1, all.getAsLong() - seen.n()));
    }
}
