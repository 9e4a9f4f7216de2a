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

    /// Kullback-Leibler divergence Σ p ln(p / q) in nats (Kullback and Leibler 1951), a term with p = 0 being
    /// 0; infinite where q = 0 < p. As SciPy's `stats.entropy(p, q)`.
    public static double kullbackLeibler(double[] p, double[] q) {
        return sum(p, q, Distances::relativeEntropy);
    }

    /// Jensen-Shannon divergence (Lin 1991), the mean divergence of p and q from their mixture m = (p + q)/2:
    /// (Σ p ln(p / m) + Σ q ln(q / m)) / 2 in nats, 0 to ln 2.
    public static double jensenShannonNats(double[] p, double[] q) {
        return Math.max(0, sum(p, q, (a, b) -> {
            double mixed = (a + b) / 2;
            return (relativeEntropy(a, mixed) + relativeEntropy(b, mixed)) / 2;
        }));
    }

    /// [#jensenShannonNats] / ln 2, in bits: 0 to 1. Its square root is a metric (Endres and Schindelin
    /// 2003), the Jensen-Shannon distance.
    public static double jensenShannonBits(double[] p, double[] q) {
        return jensenShannonNats(p, q) / LN_2;
    }

    /// √ of [#jensenShannonNats]: 0 to √ln 2. As SciPy's `spatial.distance.jensenshannon`.
    public static double jensenShannonDistanceNats(double[] p, double[] q) {
        return StrictMath.sqrt(jensenShannonNats(p, q));
    }

    /// √ of [#jensenShannonBits]: 0 to 1. As SciPy's `jensenshannon` with base 2.
    public static double jensenShannonDistanceBits(double[] p, double[] q) {
        return StrictMath.sqrt(jensenShannonBits(p, q));
    }

    /// Hellinger distance √(Σ (√p - √q)² / 2), 0 to 1: with the factor 1/2, as Le Cam and Yang (2000) and
    /// most software; some texts leave it out.
    public static double hellinger(double[] p, double[] q) {
        return StrictMath.sqrt(sum(p, q, (a, b) -> {
            double gap = StrictMath.sqrt(a) - StrictMath.sqrt(b);
            return gap * gap / 2;
        }));
    }

    /// Total variation Σ |p - q| / 2, half the L1 distance and the largest difference in probability of any
    /// set (Levin and Peres 2017, proposition 4.2): the share that has moved, 0 to 1.
    public static double totalVariation(double[] p, double[] q) {
        return sum(p, q, (a, b) -> Math.abs(a - b) / 2);
    }

    /// Wasserstein-1 distance (Vallender 1974) where category i lies at i: Σ |P_i - Q_i| of the cumulated
    /// shares. As SciPy's `wasserstein_distance` on the indices, weighted by the shares.
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
