// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.special.Counts;

/// Sign test on paired latencies of the same request: how often the challenger took more than `ratio`
/// times the champion's time. Against "in at most half of all pairs" this is the median of the ratio;
/// other quantiles of the ratio likewise. Pairs exactly at the ratio are not above it. A function of
/// totals; by [TruncatedBeta] with a uniform mixture.
public record PairedRatio(double ratio, long above, long n) {
    public PairedRatio {
        Require.positive("PairedRatio", "ratio", ratio);
        Require.count("PairedRatio", above, n);
    }

    public static PairedRatio start(double ratio) {
        return new PairedRatio(ratio, 0, 0);
    }

    /// With one more pair; +∞ stands for a request that never ended. Two such together say nothing and are
    /// refused.
    public PairedRatio next(double champion, double challenger) {
        boolean never = champion == Double.POSITIVE_INFINITY && challenger == Double.POSITIVE_INFINITY;
        if (!(champion >= 0) || !(challenger >= 0) || never) {
            throw new IllegalArgumentException("PairedRatio: pair (" + champion + ", " + challenger
                    + "); times must not be negative, missing, or both infinite. Leave such pairs out.");
        }
        return new PairedRatio(ratio, above + (challenger > ratio * champion ? 1 : 0), Counts.add(n, 1));
    }

    public PairedRatio plus(PairedRatio other) {
        if (ratio != other.ratio) {
            throw new IllegalArgumentException(
                    "PairedRatio: ratios " + ratio + " and " + other.ratio + " differ; count pairs against one ratio.");
        }
        return new PairedRatio(ratio, Counts.add(above, other.above), Counts.add(n, other.n));
    }

    /// ln of the evidence against "the median of challenger/champion is at most the ratio".
    public double logESlower() {
        return logESlower(0.5);
    }

    /// ln of the evidence against "this quantile of challenger/champion is at most the ratio".
    public double logESlower(double quantile) {
        return TruncatedBeta.logE(above, n, 1 - quantile, 1, 1);
    }
}
