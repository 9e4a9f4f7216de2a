// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.calibration.Reliability;
import java.util.List;

/// Figures that compare the two arms, or an arm with the truth.
final class PairFigures {
    private static final int AGREE = 0;
    private static final int DISAGREE = 1;
    private static final int NO_CHALLENGER = 2;
    private static final int NO_CHAMPION = 3;
    private static final double NANO = 1e9;
    private static final double MICRO = 1e6;
    private static final int GAP_CELLS = 200;

    private PairFigures() {}

    static List<FigureRule> rules() {
        return List.of(
                FigureRule.one("pairs", tally -> (double) tally.sum(Measures.PAIRS)),
                FigureRule.one("pairs_compared", tally -> (double) compared(tally)),
                FigureRule.count("orphans_champion_only", Measures.PAIRS, NO_CHALLENGER),
                FigureRule.count("orphans_challenger_only", Measures.PAIRS, NO_CHAMPION),
                FigureRule.one("ecr_at_1_share", tally -> FigureRule.ratio(compared(tally), tally.sum(Measures.PAIRS))),
                FigureRule.one(
                        "agreement_share",
                        tally -> FigureRule.ratio(tally.get(Measures.PAIRS, AGREE), compared(tally))),
                FigureRule.one(
                        "agreement_strict_share",
                        tally -> FigureRule.ratio(
                                tally.get(Measures.PAIRS, AGREE),
                                compared(tally) + tally.get(Measures.PAIRS, NO_CHALLENGER))),
                FigureRule.one(
                        "agreement_score_mean",
                        tally -> FigureRule.ratio(
                                tally.get(Measures.AGREEMENT_SCORE, 0) / NANO, tally.get(Measures.AGREEMENT_SCORE, 1))),
                FigureRule.one("kappa", PairFigures::kappa),
                FigureRule.one("pair_refusal_difference", PairFigures::refusalDifference),
                FigureRule.one("wins_judged", tally -> (double) tally.sum(Measures.WINS)),
                FigureRule.one("win_share", PairFigures::winShare),
                FigureRule.one(
                        "both_wrong_share",
                        tally -> FigureRule.ratio(tally.get(Measures.WINS, 2), tally.sum(Measures.WINS))),
                FigureRule.one(
                        "ece_n",
                        tally -> reliability(tally, Measures.CALIBRATION).total()),
                FigureRule.one(
                        "ece", tally -> reliability(tally, Measures.CALIBRATION).ece()),
                FigureRule.one(
                        "calibration_gap",
                        tally -> reliability(tally, Measures.CALIBRATION).gap()),
                FigureRule.one("brier", PairFigures::brier),
                FigureRule.one(
                        "agreement_ece_n",
                        tally -> reliability(tally, Measures.AGREEMENT_CALIBRATION)
                                .total()),
                FigureRule.one(
                        "agreement_ece",
                        tally -> reliability(tally, Measures.AGREEMENT_CALIBRATION)
                                .ece()),
                FigureRule.one("thumbs", tally -> (double) tally.sum(Measures.THUMBS)),
                FigureRule.one(
                        "thumbs_up_share",
                        tally -> FigureRule.ratio(tally.get(Measures.THUMBS, 0), tally.sum(Measures.THUMBS))),
                FigureRule.count("user_scores", Measures.SCORES, 1),
                FigureRule.one(
                        "user_score_mean",
                        tally -> FigureRule.ratio(
                                tally.get(Measures.SCORES, 0) / MICRO, tally.get(Measures.SCORES, 1))));
    }

    private static long compared(Tally tally) {
        return tally.get(Measures.PAIRS, AGREE) + tally.get(Measures.PAIRS, DISAGREE);
    }

    /// Cohen's kappa from the margins. Only where every compared pair has both labels: margins of a part of the pairs
    /// say nothing about the agreement of all.
    private static double kappa(Tally tally) {
        Counts champion = tally.read(Measures.PAIR_LABELS + Role.ROLE_CHAMPION_VALUE);
        Counts challenger = tally.read(Measures.PAIR_LABELS + Role.ROLE_CHALLENGER_VALUE);
        long n = compared(tally);
        if (n == 0 || champion.sum() != n || challenger.sum() != n) {
            return Double.NaN;
        }
        double byChance = 0;
        for (int label : champion.buckets()) {
            byChance += (double) champion.get(label) / n * challenger.get(label) / n;
        }
        double observed = (double) tally.get(Measures.PAIRS, AGREE) / n;
        return FigureRule.ratio(observed - byChance, 1 - byChance);
    }

    private static double refusalDifference(Tally tally) {
        return FigureRule.ratio(
                tally.get(Measures.PAIR_REFUSALS, 2) - tally.get(Measures.PAIR_REFUSALS, 1),
                tally.sum(Measures.PAIR_REFUSALS));
    }

    /// Ties and "both wrong" are half a win.
    private static double winShare(Tally tally) {
        long halves = tally.get(Measures.WINS, 2) + tally.get(Measures.WINS, 3);
        return FigureRule.ratio(tally.get(Measures.WINS, 0) + halves / 2.0, tally.sum(Measures.WINS));
    }

    /// From cells of the confidence 0.005 wide: within 0.005 of the score of the confidences themselves.
    private static double brier(Tally tally) {
        Counts gaps = tally.read(Measures.CALIBRATION_GAP);
        return FigureRule.mean(gaps, bucket -> {
            int cell = bucket / 2;
            double confidence = (cell + 0.5) / GAP_CELLS;
            double error = confidence - bucket % 2;
            return error * error;
        });
    }

    private static Reliability reliability(Tally tally, String measure) {
        Counts counts = tally.read(measure);
        long[] n = new long[Reliability.BINS];
        long[] correct = new long[Reliability.BINS];
        double[] sums = new double[Reliability.BINS];
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            n[bin] = counts.get(4 * bin);
            correct[bin] = counts.get(4 * bin + 1);
            sums[bin] = counts.get(4 * bin + 2) / NANO;
        }
        return new Reliability(n, correct, sums);
    }
}
