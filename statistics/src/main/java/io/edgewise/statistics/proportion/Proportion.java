// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

/// Events among n independent observations, with intervals for the probability of an event.
///
/// All two-sided intervals are at level 1 - alpha and lie in [0, 1]. They hold for one look at an n fixed
/// beforehand; what is watched all the time needs a confidence sequence. Where nothing was observed they
/// are [0, 1].
public record Proportion(long events, long n) {
    public Proportion {
        if (events < 0 || events > n) {
            throw new IllegalArgumentException(
                    "Proportion: " + events + " events of " + n + "; events must lie between 0 and n.");
        }
    }

    /// NaN where nothing was observed.
    public double share() {
        return n == 0 ? Double.NaN : (double) events / n;
    }

    /// Wilson 1927: all p with |k/n - p| <= z √(p(1 - p)/n). The one to show; its coverage is near 1 -
    /// alpha on average, and may be below it for shares near 0 or 1.
    public Interval wilson(double alpha) {
        double z = z(alpha, 2);
        return new Interval(wilsonLow(z), wilsonHigh(z));
    }

    /// One-sided: the lower bound of the two-sided interval at 2 alpha.
    public double wilsonLower(double alpha) {
        return wilsonLow(z(alpha, 1));
    }

    /// One-sided: the upper bound of the two-sided interval at 2 alpha.
    public double wilsonUpper(double alpha) {
        return wilsonHigh(z(alpha, 1));
    }

    /// With continuity correction (Newcombe 1998, method 4): nearly always at least 1 - alpha, so longer.
    public Interval wilsonWithContinuity(double alpha) {
        double z = z(alpha, 2);
        return new Interval(correctedLow(z), 1 - other().correctedLow(z));
    }

    /// Clopper and Pearson 1934, equal tails: the coverage is at least 1 - alpha for every p and n.
    public Interval clopperPearson(double alpha) {
        requireAlpha(alpha);
        return new Interval(clopperPearsonLower(alpha / 2), clopperPearsonUpper(alpha / 2));
    }

    /// One-sided: the p at which this many events or more have probability alpha; 0 without events.
    public double clopperPearsonLower(double alpha) {
        requireAlpha(alpha);
        if (events == 0) {
            return 0;
        }
        return events == n
                ? StrictMath.exp(StrictMath.log(alpha) / n)
                : BetaQuantile.of(alpha, (double) events, n - events + 1.0);
    }

    /// One-sided: the p at which this few events or fewer have probability alpha; 1 where all are events.
    public double clopperPearsonUpper(double alpha) {
        requireAlpha(alpha);
        if (events == n) {
            return 1;
        }
        return events == 0
                ? -StrictMath.expm1(StrictMath.log(alpha) / n)
                : BetaQuantile.complement(alpha, (double) n - events, events + 1.0);
    }

    /// Quantiles alpha/2 and 1 - alpha/2 of Beta(k + 1/2, n - k + 1/2), also at k = 0 and k = n.
    public Interval jeffreys(double alpha) {
        requireAlpha(alpha);
        if (n == 0) {
            return Interval.ANY_SHARE;
        }
        double low = BetaQuantile.of(alpha / 2, events + 0.5, n - events + 0.5);
        return new Interval(low, BetaQuantile.complement(alpha / 2, n - events + 0.5, events + 0.5));
    }

    /// Agresti and Coull 1998: Wald's formula after adding z²/2 events and z²/2 others; clipped to [0,
    /// 1].
    public Interval agrestiCoull(double alpha) {
        double z = z(alpha, 2);
        double trials = n + z * z;
        double p = (events + z * z / 2) / trials;
        double half = z * StrictMath.sqrt(p * (1 - p) / trials);
        return n == 0 ? Interval.ANY_SHARE : Interval.clipped(p - half, p + half, 0, 1);
    }

    /// k/n ± z √(k/n (1 - k/n)/n), clipped to [0, 1]. Not to be used for a decision: without events it is
    /// [0, 0], and its coverage near 0 and 1 has no lower limit. Here for comparison with tools that show
    /// it.
    public Interval wald(double alpha) {
        double z = z(alpha, 2);
        if (n == 0) {
            return Interval.ANY_SHARE;
        }
        double half = z * StrictMath.sqrt(share() * (1 - share()) / n);
        return Interval.clipped(share() - half, share() + half, 0, 1);
    }

    /// The other outcome: n - events of n.
    public Proportion other() {
        return new Proportion(n - events, n);
    }

    /// The lower root of (n + z²) p² - (2k + z²) p + k²/n, from the upper one: no difference, so no
    /// digits lost.
    private double wilsonLow(double z) {
        if (events == 0) {
            return 0;
        }
        double k = events;
        double root = z * StrictMath.sqrt(z * z + 4 * k * (n - events) / n);
        return 2 * k * k / (n * (2 * k + z * z + root));
    }

    /// The upper root: a sum, so that a bound of 1e-19 is not lost beside 1.
    private double wilsonHigh(double z) {
        if (events == n) {
            return 1;
        }
        double k = events;
        double root = z * StrictMath.sqrt(z * z + 4 * k * (n - events) / n);
        return (2 * k + z * z + root) / (2 * (n + z * z));
    }

    private double correctedLow(double z) {
        if (events == 0) {
            return 0;
        }
        double k = events;
        double inner = z * z - 2 - 1.0 / n + 4 * share() * (n - k + 1);
        double low = (2 * k + z * z - 1 - z * StrictMath.sqrt(Math.max(0, inner))) / (2 * (n + z * z));
        return Math.clamp(low, 0, 1);
    }

    static double z(double alpha, int sides) {
        requireAlpha(alpha);
        return StandardNormal.quantileAbove(alpha / sides);
    }

    static void requireAlpha(double alpha) {
        if (!(alpha > 1e-299 && alpha < 1)) {
            throw new IllegalArgumentException("Proportion: alpha " + alpha
                    + " must lie strictly between 0 and 1 (0.05 for a 95 % interval, not 95).");
        }
    }
}
