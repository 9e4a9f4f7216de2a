// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import java.util.OptionalLong;
import java.util.function.DoublePredicate;
import java.util.function.LongPredicate;

/// How many observations the stability index needs, from its χ² law (see [Psi]).
///
/// All answers are the smallest number of current observations, exact to about nine digits; empty where none up
/// to 2^62 is enough, because the baseline is too small, the truth lies on the wrong side, or nearer to the limit
/// than any data could tell. They take milliseconds, whatever is asked.
///
/// @param bins bins that hold mass, at least 2
/// @param baseline observations of the baseline; empty where it has as many as the window
/// @param alpha level of one test
public record PsiPlan(int bins, OptionalLong baseline, double alpha) {
    private static final int MOST_EXPONENT = 62;
    private static final long MOST = 1L << MOST_EXPONENT;

    public PsiPlan {
        if (bins < 2 || baseline.isPresent() && baseline.getAsLong() < 1 || !(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("PsiPlan: " + bins + " bins, baseline " + baseline + " and alpha "
                    + alpha + " must be at least 2, at least 1 and in (0, 1).");
        }
    }

    /// 1/n + 1/m.
    public double scale(long current) {
        if (current < 1) {
            throw new IllegalArgumentException("PsiPlan: " + current + " observations; plan with at least 1.");
        }
        return 1.0 / baseline.orElse(current) + 1.0 / current;
    }

    /// Mean of the index where nothing changed: (B - 1)(1/n + 1/m).
    public double nullMean(long current) {
        return (bins - 1) * scale(current);
    }

    /// Variance of the index where nothing changed: 2 (B - 1)(1/n + 1/m)².
    public double nullVariance(long current) {
        return 2 * (bins - 1) * scale(current) * scale(current);
    }

    /// The index that is exceeded with probability alpha where nothing changed.
    public double nullQuantile(long current) {
        return NoncentralChiSquare.quantileAbove(alpha, bins - 1, 0) * scale(current);
    }

    /// How often the index exceeds a fixed cut-off where nothing changed.
    public double nullExceedance(long current, double cutoff) {
        requireIndex("cutoff", cutoff);
        return NoncentralChiSquare.above(cutoff / scale(current), bins - 1, 0);
    }

    /// From where on a fixed cut-off is exceeded by chance less often than alpha.
    public OptionalLong toTrust(double cutoff) {
        requireIndex("cutoff", cutoff);
        double quantile = NoncentralChiSquare.quantileAbove(alpha, bins - 1, 0);
        return smallest(scale -> quantile * scale < cutoff);
    }

    /// From where on "above delta" is shown with this power where the true index is `truth`.
    public OptionalLong toShowAbove(double delta, double truth, double power) {
        require(delta, truth, power);
        if (truth <= delta) {
            return OptionalLong.empty();
        }
        return smallest(scale -> {
            double critical = NoncentralChiSquare.quantileAbove(alpha, bins - 1, delta / scale);
            return NoncentralChiSquare.above(critical, bins - 1, truth / scale) >= power;
        });
    }

    /// From where on "below delta" is shown with this power where the true index is `truth`.
    public OptionalLong toShowBelow(double delta, double truth, double power) {
        require(delta, truth, power);
        if (truth >= delta) {
            return OptionalLong.empty();
        }
        return smallest(scale -> {
            double critical = NoncentralChiSquare.quantileBelow(alpha, bins - 1, delta / scale);
            return NoncentralChiSquare.below(critical, bins - 1, truth / scale) >= power;
        });
    }

    /// Bisection of the exponent, then of the number between two powers of two: at most 69 questions. What
    /// not even an endless window shows is not searched for.
    private OptionalLong smallest(DoublePredicate enough) {
        double least = baseline.isPresent() ? 1.0 / baseline.getAsLong() : 1.0 / MOST;
        if (!enough.test(least) || !enough.test(scale(MOST))) {
            return OptionalLong.empty();
        }
        int exponent = (int) first(0, MOST_EXPONENT, e -> enough.test(scale(1L << e)));
        return OptionalLong.of(
                exponent == 0 ? 1 : first(1L << (exponent - 1), 1L << exponent, m -> enough.test(scale(m))));
    }

    /// The smallest number that holds; what holds for one holds for all above it, and for the last.
    private static long first(long from, long last, LongPredicate holds) {
        long low = from;
        long high = last;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (holds.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static void require(double delta, double truth, double power) {
        requireIndex("delta", delta);
        if (!(truth >= 0 && truth <= Psi.LARGEST) || !(power > 0 && power < 1)) {
            throw new IllegalArgumentException("PsiPlan: truth " + truth
                    + " must be an index from 0 to 1,000, and power " + power + " must lie in (0, 1) (0.9).");
        }
    }

    private static void requireIndex(String what, double value) {
        if (!(value > 0 && value <= Psi.LARGEST)) {
            throw new IllegalArgumentException(
                    "PsiPlan: " + what + " " + value + " must be an index above 0 and at most 1,000 (0.1).");
        }
    }
}
