// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import org.apache.commons.math3.special.Beta;

/// Intervals for a share that hold at all times at once. For display; gates act on [MeanTest].
public final class ConfidenceSequence {
    /// All shares from low to high are still possible.
    public record Interval(double low, double high) {
        public boolean contains(double share) {
            return low <= share && share <= high;
        }
    }

    private ConfidenceSequence() {}

    /// All p against which Robbins' uniform mixture has less than 1/alpha: with probability 1 - alpha the true share is
    /// in every interval of the stream (Robbins 1970; Howard et al., arXiv 1810.08240). [0, 1] before any data.
    public static Interval bernoulli(long k, long n, double alpha) {
        return bernoulli(k, n, alpha, 1, 1);
    }

    /// The same with a Beta(a, b) mixture.
    static Interval bernoulli(long k, long n, double alpha, double a, double b) {
        if (k < 0 || k > n || !(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("ConfidenceSequence: " + k + " of " + n + " at alpha " + alpha
                    + "; k must lie between 0 and n, alpha strictly between 0 and 1.");
        }
        if (n == 0) {
            return new Interval(0, 1);
        }
        double centre = (double) k / n;
        double mixture = Beta.logBeta(a + k, b + n - k) - Beta.logBeta(a, b) + StrictMath.log(alpha);
        double low = k == 0 ? 0 : boundary(k, n, mixture, 0, centre);
        double high = k == n ? 1 : boundary(k, n, mixture, 1, centre);
        return new Interval(low, high);
    }

    /// Halves the distance between an excluded and an included share until no double lies between them.
    private static double boundary(long k, long n, double mixture, double excluded, double included) {
        double out = excluded;
        double in = included;
        for (double mid = (out + in) / 2; mid != out && mid != in; mid = (out + in) / 2) {
            double likelihood = (k == 0 ? 0 : k * StrictMath.log(mid)) + (n - k) * StrictMath.log1p(-mid);
            if (mixture < likelihood) {
                in = mid;
            } else {
                out = mid;
            }
        }
        return out;
    }
}
