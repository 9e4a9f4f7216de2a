// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

/// Distances between two distributions on the same categories. Weights are normalised to shares p and q;
/// they may be counts. NaN where either side holds nothing. For values on a line see [SampleDistances].
public final class Distances {
    private static final double LN_2 = StrictMath.log(2);

    private Distances() {}

    /// Counts as weights.
    public static double[] weights(long... counts) {
        double[] weights = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            weights[i] = counts[i];
        }
        return weights;
    }

    /// Kullback-Leibler divergence Σ p ln(p / q) in nats; infinite where q = 0 < p.
    public static double kullbackLeibler(double[] p, double[] q) {
        return sum(p, q, Distances::relativeEntropy);
    }

    /// Jensen-Shannon divergence, the mean divergence of p and q from their mixture, in nats: 0 to ln 2.
    public static double jensenShannonNats(double[] p, double[] q) {
        return Math.max(0, sum(p, q, (a, b) -> {
            double mixed = (a + b) / 2;
            return (relativeEntropy(a, mixed) + relativeEntropy(b, mixed)) / 2;
        }));
    }

    /// Jensen-Shannon divergence in bits: 0 to 1. Its square root is a metric, the Jensen-Shannon
    /// distance.
    public static double jensenShannonBits(double[] p, double[] q) {
        return jensenShannonNats(p, q) / LN_2;
    }

    /// √ of [#jensenShannonNats]: 0 to √ln 2.
    public static double jensenShannonDistanceNats(double[] p, double[] q) {
        return StrictMath.sqrt(jensenShannonNats(p, q));
    }

    /// √ of [#jensenShannonBits]: 0 to 1.
    public static double jensenShannonDistanceBits(double[] p, double[] q) {
        return StrictMath.sqrt(jensenShannonBits(p, q));
    }

    /// √(Σ (√p - √q)² / 2): 0 to 1.
    public static double hellinger(double[] p, double[] q) {
        return StrictMath.sqrt(sum(p, q, (a, b) -> {
            double gap = StrictMath.sqrt(a) - StrictMath.sqrt(b);
            return gap * gap / 2;
        }));
    }

    /// Σ |p - q| / 2: the share that has moved, 0 to 1.
    public static double totalVariation(double[] p, double[] q) {
        return sum(p, q, (a, b) -> Math.abs(a - b) / 2);
    }

    /// Wasserstein-1 distance where category i lies at i: Σ |P_i - Q_i| of the cumulated shares.
    public static double wassersteinOnIndex(double[] p, double[] q) {
        double[] apart = new double[1];
        return sum(p, q, (a, b) -> {
            apart[0] += a - b;
            return Math.abs(apart[0]);
        });
    }

    private interface Term {
        double of(double p, double q);
    }

    private static double sum(double[] p, double[] q, Term term) {
        if (p.length != q.length) {
            throw new IllegalArgumentException(
                    "Distances: " + p.length + " and " + q.length + " categories; weigh both on the same.");
        }
        double wholeP = whole(p);
        double wholeQ = whole(q);
        if (wholeP == 0 || wholeQ == 0) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += term.of(p[i] / wholeP, q[i] / wholeQ);
        }
        return sum;
    }

    private static double whole(double[] weights) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "Distances: weight " + weights[i] + " at " + i + " must be finite and at least 0.");
            }
            sum += weights[i];
        }
        if (Double.isInfinite(sum)) {
            throw new IllegalArgumentException("Distances: weights add up to infinity; scale them down.");
        }
        return sum;
    }

    private static double relativeEntropy(double a, double b) {
        if (a == 0) {
            return 0;
        }
        return b == 0 ? Double.POSITIVE_INFINITY : a * StrictMath.log(a / b);
    }
}
