// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/// Confidence sequence for the p-quantile of any distribution by order statistics (Howard and Ramdas,
/// arXiv 1906.09712, Theorem 1): the number of values below the quantile is tested by the two-sided
/// beta-binomial mixture with g = p, h = 1-p, V = np(1-p), tuned for nOpt values. With probability 1 -
/// alpha the quantile lies between the two ranks at all times. Ties and atoms are allowed: values below
/// the quantile are at most, values up to it at least, as many as p says.
///
/// A bound does not exist until enough values were seen; then it is empty ("not enough data"), never a
/// number. At alpha 0.05 an upper bound exists from n = 162 (nOpt 1,000) or 419 (10,000) for p95, 499 or
/// 1,074 for p99, 3,413 or 5,017 for p99.9. A function of totals: of the sorted values.
public record QuantileSequence(double p, double alpha, double nOpt) {
    private static final long MOST = 1L << 50;

    /// Both bounds; each is empty where it does not exist yet.
    public record Bounds(OptionalDouble low, OptionalDouble high) {
        public boolean contains(double value) {
            return low.orElse(Double.NEGATIVE_INFINITY) <= value && value <= high.orElse(Double.POSITIVE_INFINITY);
        }
    }

    public QuantileSequence {
        if (!(p > 0 && p < 1)) {
            throw new IllegalArgumentException(
                    "QuantileSequence: quantile " + p + " must lie strictly between 0 and 1, e.g. 0.99.");
        }
        Require.alpha("QuantileSequence", alpha);
        Require.positive("QuantileSequence", "nOpt", nOpt);
    }

    /// The rank (1 = smallest) of the value that bounds the quantile from below.
    public OptionalLong lowerRank(long n) {
        requireSize(n);
        if (!rejects(0, n)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(1 + lastTrue(0, (long) Math.floor(n * p), k -> rejects(k, n)));
    }

    /// The rank of the value that bounds the quantile from above.
    public OptionalLong upperRank(long n) {
        requireSize(n);
        if (!rejects(n, n)) {
            return OptionalLong.empty();
        }
        long most = n - (long) Math.ceil(n * p);
        return OptionalLong.of(n - lastTrue(0, most, m -> rejects(n - m, n)));
    }

    /// The smallest n from which an upper bound exists; refused where that is beyond 2^50.
    public long leastForUpper() {
        long enough = 1;
        while (!rejects(enough, enough) && enough < MOST) {
            enough *= 2;
        }
        if (enough >= MOST) {
            throw new IllegalArgumentException("QuantileSequence: quantile " + p + " has no upper bound within 2^50"
                    + " observations at alpha " + alpha + ", tuned for " + nOpt + "; ask for a lower quantile.");
        }
        return 1 + lastTrue(0, enough, n -> !rejects(n, n));
    }

    /// The bounds from all values, in ascending order; +∞ is a value (a request that never ended), NaN is
    /// not.
    public Bounds of(double[] ascending) {
        for (int i = 0; i < ascending.length; i++) {
            if (Double.isNaN(ascending[i]) || (i > 0 && ascending[i] < ascending[i - 1])) {
                throw new IllegalArgumentException("QuantileSequence: value " + ascending[i] + " at position " + i
                        + " is not in ascending order; sort the values and leave out what could not be measured.");
            }
        }
        return new Bounds(at(ascending, lowerRank(ascending.length)), at(ascending, upperRank(ascending.length)));
    }

    private static OptionalDouble at(double[] ascending, OptionalLong rank) {
        return rank.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(ascending[(int) (rank.getAsLong() - 1)]);
    }

    /// Whether k of n values below the quantile are too many or too few. Convex in k and never true at k =
    /// np.
    private boolean rejects(long k, long n) {
        BetaBinomialMixture mixture = BetaBinomialMixture.best(nOpt * p * (1 - p), alpha, p, 1 - p, false);
        return mixture.logOfCounts((double) k, (double) (n - k)) >= -StrictMath.log(alpha);
    }

    /// The last k for which the condition holds, where it holds at `yes` and never again once it has
    /// failed.
    private static long lastTrue(long yes, long end, LongPredicate holds) {
        long in = yes;
        long out = end + 1;
        while (out - in > 1) {
            long middle = in + (out - in) / 2;
            if (holds.test(middle)) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return in;
    }

    private static void requireSize(long n) {
        if (n < 0) {
            throw new IllegalArgumentException("QuantileSequence: n " + n + " must not be negative.");
        }
    }
}
