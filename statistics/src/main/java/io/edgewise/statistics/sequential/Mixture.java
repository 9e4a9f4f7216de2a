// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// A mixture supermartingale of a sum S with intrinsic time V, and the boundary that S crosses with
/// probability at most alpha over all times (Howard, Ramdas, McAuliffe and Sekhon, arXiv 1810.08240;
/// conventions of their package confseq).
///
/// A function of the totals S and V only. One-sided mixtures bound S from above; a two-sided one bounds it
/// from both sides at once, in the sense that its value is at least 1/alpha beyond either boundary.
public sealed interface Mixture
        permits NormalMixture, GammaExponentialMixture, GammaPoissonMixture, BetaBinomialMixture {
    /// ln of the supermartingale at sum s and intrinsic time v >= 0; 0 at the start. NaN where it is not
    /// defined.
    double logValue(double s, double v);

    /// The largest sum that can occur at intrinsic time v.
    default double largestSum(double v) {
        return Double.POSITIVE_INFINITY;
    }

    /// The smallest s > 0 with value 1/alpha at intrinsic time v: P(S_t >= bound(V_t) for any t) <= alpha.
    /// Where no possible sum reaches 1/alpha, the largest possible sum.
    default double bound(double v, double alpha) {
        requireTime(v);
        double threshold = -StrictMath.log(Require.alpha("Mixture", alpha));
        double out = Math.min(largestSum(v), Math.max(v, 1));
        while (!(logValue(out, v) >= threshold)) {
            if (out >= largestSum(v)) {
                return largestSum(v);
            }
            out = Math.min(largestSum(v), 2 * out);
        }
        double in = 0;
        for (double middle = out / 2; middle != in && middle != out; middle = in + (out - in) / 2) {
            if (logValue(middle, v) >= threshold) {
                out = middle;
            } else {
                in = middle;
            }
        }
        return out;
    }

    static void requireTime(double v) {
        if (!(v >= 0 && v < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Mixture: intrinsic time " + v + "; it is a sum of variances: finite and not negative.");
        }
    }
}
