// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import org.apache.commons.math3.analysis.solvers.AllowedSolution;
import org.apache.commons.math3.analysis.solvers.BracketingNthOrderBrentSolver;

/// An interval for the true ECE of the bins, from bin sums in closed form. For one look at a number of
/// answers that did not depend on the outcome.
///
/// Upper end at half the error: the largest ECE that does not make so small a plug-in value unlikely,
/// under the least favourable gaps (see [OneLook]). Lower end: the larger of two bounds at a quarter of
/// the error each, plug-in - Σ w √(2/π) s - z σ (less the plug-in's largest bias) and |signed gap| - z
/// σ (no bias; exact for even gaps), where σ² = Σ w² s² + (Σ w gap² - signed gap²)/n, s² from shares
/// (correct + 1/2)/(n + 1), as large as it can be in bins of equal width ([BinSpread]). No assumption on the shape of
/// the gaps, so it covers more often than it
/// says: 96 to 100 % in simulations at 95 %, calibrated or not.
///
/// Answers must be independent: for the fleet, the first label of each device; else the interval speaks of
/// the given labels only.
///
/// Without answers the interval is [0, 1].
public record EceInterval(double low, double high) {
    private static final double ACCURACY = 1e-12;
    private static final int ORDER = 5;
    private static final int EVALUATIONS = 1000;

    /// Level 0.95 for a 95 % interval.
    public static EceInterval of(CalibrationBins bins, double level) {
        double z = Normal.twoSided(level);
        if (bins.total() == 0) {
            return new EceInterval(0, 1);
        }
        return new EceInterval(low(bins, level), high(bins, z));
    }

    public boolean contains(double ece) {
        return low <= ece && ece <= high;
    }

    /// The largest true ECE that z does not exclude. Half a label is added for the discreteness of
    /// counts.
    static double high(CalibrationBins bins, double z) {
        LeastFavourable law = LeastFavourable.of(bins, 1);
        double observed = observed(bins);
        double least = Math.min(1, observed);
        if (law.quantile(1, z) <= observed || least == 1) {
            return 1;
        }
        return new BracketingNthOrderBrentSolver(ACCURACY, ACCURACY, ACCURACY, ORDER)
                .solve(EVALUATIONS, e -> law.quantile(e, z) - observed, least, 1, AllowedSolution.ABOVE_SIDE);
    }

    static double observed(CalibrationBins bins) {
        return bins.ece() + 0.5 / bins.total();
    }

    static double low(CalibrationBins bins, double level) {
        double z = Normal.quantile(1 - (1 - level) / 4);
        long[] n = bins.n();
        long[] correct = bins.correct();
        double[] sums = bins.confidenceSum();
        double total = bins.total();
        double bias = 0;
        double variance = 0;
        double squares = 0;
        for (int i = 0; i < n.length; i++) {
            double share = (correct[i] + 0.5) / (n[i] + 1.0);
            BinSpread spread = BinSpread.of(i, n.length, n[i] > 0 ? sums[i] / n[i] : Double.NaN);
            double s2 = n[i] * spread.ofWrong(1 - share);
            bias += Normal.MEAN_OF_HALF * StrictMath.sqrt(s2) / total;
            variance += s2 / (total * total);
            squares += n[i] > 0 ? (sums[i] - correct[i]) * (sums[i] - correct[i]) / n[i] : 0;
        }
        double gap = bins.gap();
        variance += Math.max(0, squares / total - gap * gap) / total;
        double noise = z * StrictMath.sqrt(variance);
        return Math.max(0, Math.max(bins.ece() - bias, Math.abs(gap)) - noise);
    }
}
