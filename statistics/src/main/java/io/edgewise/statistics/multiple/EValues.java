// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

import java.util.Arrays;

/// Decisions on many e-values at once, given by natural logarithms (-∞ for 0, +∞ allowed, NaN a mistake).
/// An e-value is at least 0 and has mean at most 1 where its hypothesis holds. Everything here is valid
/// under any dependence.
public final class EValues {
    /// Rounding that a sum of weights may be above 1 by.
    private static final double ROUNDING = 1e-12;

    private EValues() {}

    /// ln of the plain average: an e-value against "all hypotheses hold" (Vovk and Wang 2021). Without
    /// e-values there is no evidence: 0.
    public static double logMean(double[] logE) {
        requireNumbers(logE);
        double largest = Arrays.stream(logE).max().orElse(0);
        if (Double.isInfinite(largest) || logE.length == 0) {
            return largest;
        }
        double[] ascending = logE.clone();
        Arrays.sort(ascending);
        double sum = 0;
        for (double value : ascending) {
            sum += StrictMath.exp(value - largest);
        }
        return largest + (StrictMath.log(sum) - StrictMath.log(logE.length));
    }

    /// e-BH (Wang and Ramdas 2022): rejects the k largest, k = max{k : e_(k) >= S/(alpha k)}, S their
    /// number. The false discovery rate is at most alpha. Equal e-values share their fate.
    public static boolean[] benjaminiHochberg(double[] logE, double alpha) {
        requireNumbers(logE);
        requireAlpha(alpha);
        double[] ascending = logE.clone();
        Arrays.sort(ascending);
        double least = Double.NaN;
        for (int k = 1; k <= logE.length; k++) {
            double value = ascending[logE.length - k];
            least = value >= StrictMath.log(logE.length / (alpha * k)) ? value : least;
        }
        boolean[] rejected = new boolean[logE.length];
        for (int i = 0; i < logE.length; i++) {
            rejected[i] = logE[i] >= least;
        }
        return rejected;
    }

    /// Weighted Bonferroni: rejects m where e_m >= 1/(w_m alpha). The probability of any wrong rejection
    /// is at most alpha. A weight of 0 never rejects.
    ///
    /// @param weights not negative, of sum at most 1
    public static boolean[] weightedBonferroni(double[] logE, double[] weights, double alpha) {
        requireNumbers(logE);
        requireAlpha(alpha);
        if (weights.length != logE.length) {
            throw new IllegalArgumentException("EValues: " + logE.length + " e-values but " + weights.length
                    + " weights; give one weight for each.");
        }
        double sum = 0;
        boolean[] rejected = new boolean[logE.length];
        for (int i = 0; i < logE.length; i++) {
            rejected[i] = weights[i] != 0 && logE[i] >= logThreshold(weights[i], alpha);
            sum += weights[i];
        }
        if (!(sum <= 1 + ROUNDING)) {
            throw new IllegalArgumentException(
                    "EValues: the weights add up to " + sum + "; they share one alpha, so at most to 1.");
        }
        return rejected;
    }

    /// ln(1/(weight alpha)): what ln e must reach. 6.40 for one of six equal weights at 0.01.
    public static double logThreshold(double weight, double alpha) {
        requireAlpha(alpha);
        if (!(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException("EValues: weight " + weight + " must be above 0 and at most 1.");
        }
        return -StrictMath.log(weight * alpha);
    }

    static void requireAlpha(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException(
                    "EValues: alpha " + alpha + " must lie strictly between 0 and 1 (0.05, not 5).");
        }
    }

    static void requireNumbers(double... logE) {
        for (int i = 0; i < logE.length; i++) {
            if (Double.isNaN(logE[i])) {
                throw new IllegalArgumentException(
                        "EValues: ln e-value " + i + " is NaN; a test without observations has e = 1, so 0.");
            }
        }
    }
}
