// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.function.DoublePredicate;

/// Intervals that hold at all times at once. For display; gates act on [MeanTest]. Everything here is a
/// function of totals: order, blocks and the number of looks do not matter.
public final class ConfidenceSequence {
    /// All values from low to high are still possible; none at all where low is above high.
    public record Interval(double low, double high) {
        public boolean contains(double value) {
            return low <= value && value <= high;
        }

        public double width() {
            return high - low;
        }
    }

    private ConfidenceSequence() {}

    /// All p against which Robbins' uniform mixture has less than 1/alpha: with probability 1 - alpha the
    /// true share is in every interval of the stream (Robbins 1970; Howard et al., arXiv 1810.08240). [0,
    /// 1] before any data.
    public static Interval bernoulli(long k, long n, double alpha) {
        return bernoulli(k, n, alpha, 1, 1);
    }

    /// The same with a Beta(a, b) mixture.
    public static Interval bernoulli(long k, long n, double alpha, double a, double b) {
        requireMixture(a, b);
        double threshold = threshold(k, n, alpha);
        return interval(k, n, p -> BetaMixture.log((double) k, (double) (n - k), p, 1 - p, a, b) < threshold);
    }

    /// ln of the evidence of the Beta(a, b) mixture against the share p: the two-sided e-process behind
    /// [#bernoulli].
    public static double logE(long k, long n, double p, double a, double b) {
        Require.count("ConfidenceSequence", k, n);
        requireMixture(a, b);
        if (!(p > 0 && p < 1)) {
            throw new IllegalArgumentException(
                    "ConfidenceSequence: share " + p + " must lie strictly between 0 and 1.");
        }
        return BetaMixture.log((double) k, (double) (n - k), p, 1 - p, a, b);
    }

    /// The same with the two-sided beta-binomial mixture tuned to be tightest near n = nOpt (confseq's
    /// `bernoulli_confidence_interval`, its alpha_opt being alpha here).
    public static Interval bernoulliTuned(long k, long n, double alpha, double nOpt) {
        double threshold = threshold(k, n, alpha);
        Require.positive("ConfidenceSequence", "nOpt", nOpt);
        return interval(k, n, p -> {
            double q = 1 - p;
            BetaBinomialMixture mixture = BetaBinomialMixture.best(nOpt * p * q, alpha, p, q, false);
            return BetaMixture.log((double) k, (double) (n - k), p, q, mixture.a(), mixture.b()) < threshold;
        });
    }

    /// The lower end alone: with probability 1 - alpha the true share is never below it. All p whose
    /// hypothesis "at most p" has evidence of less than 1/alpha by the uniform mixture cut to (p, 1) (see
    /// [TruncatedBeta]).
    public static double bernoulliLower(long k, long n, double alpha) {
        double threshold = threshold(k, n, alpha);
        if (k == 0) {
            return 0;
        }
        return edge(
                0, (double) k / n, p -> BetaMixture.logAbove((double) k, (double) (n - k), p, 1 - p, 1, 1) < threshold);
    }

    /// The upper end alone, mirrored.
    public static double bernoulliUpper(long k, long n, double alpha) {
        double threshold = threshold(k, n, alpha);
        if (k == n) {
            return 1;
        }
        return edge(
                1, (double) k / n, p -> BetaMixture.logBelow((double) k, (double) (n - k), p, 1 - p, 1, 1) < threshold);
    }

    /// For n values of this mean that are sub-Gaussian with this scale (1/2 for values in [0, 1]): mean ±
    /// bound/n of the normal mixture tuned for nOpt values. Not cut to the range of the values. The whole
    /// line before any data.
    public static Interval subGaussian(long n, double mean, double scale, double alpha, double nOpt) {
        Require.positive("ConfidenceSequence", "scale", scale);
        Require.positive("ConfidenceSequence", "nOpt", nOpt);
        NormalMixture mixture = NormalMixture.best(nOpt * scale * scale, alpha, false);
        if (n < 0) {
            throw new IllegalArgumentException("ConfidenceSequence: n " + n + " must not be negative.");
        }
        if (n == 0) {
            return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        double radius = mixture.bound(n * scale * scale, alpha) / n;
        return new Interval(Require.finite("ConfidenceSequence", mean) - radius, mean + radius);
    }

    private static void requireMixture(double a, double b) {
        Require.positive("ConfidenceSequence", "mixture parameter a", a);
        Require.positive("ConfidenceSequence", "mixture parameter b", b);
    }

    private static double threshold(long k, long n, double alpha) {
        Require.count("ConfidenceSequence", k, n);
        return -StrictMath.log(Require.alpha("ConfidenceSequence", alpha));
    }

    private static Interval interval(long k, long n, DoublePredicate possible) {
        double centre = (double) k / n;
        return new Interval(k == 0 ? 0 : edge(0, centre, possible), k == n ? 1 : edge(1, centre, possible));
    }

    /// Halves the distance between an excluded and an included share until no double lies between them.
    private static double edge(double excluded, double included, DoublePredicate possible) {
        double out = excluded;
        double in = included;
        for (double mid = (out + in) / 2; mid != out && mid != in; mid = (out + in) / 2) {
            if (mid < Double.MIN_NORMAL) {
                return 0;
            }
            if (possible.test(mid)) {
                in = mid;
            } else {
                out = mid;
            }
        }
        return out;
    }
}
