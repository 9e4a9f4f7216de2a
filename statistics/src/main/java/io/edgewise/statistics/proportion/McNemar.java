// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import io.edgewise.statistics.special.Counts;

/// McNemar's comparison of two answerers on the same inputs (1947). Only inputs on which one alone is
/// right speak: b = only the first, c = only the second; where the two are equally good, b is binomial(b
/// + c, 1/2).
///
/// For one look at a number of pairs fixed beforehand. Where b + c = 0 the exact p-values are 1 and the
/// others NaN.
public record McNemar(long bothRight, long onlyFirstRight, long onlySecondRight, long bothWrong) {
    public McNemar {
        if (bothRight < 0 || onlyFirstRight < 0 || onlySecondRight < 0 || bothWrong < 0) {
            throw new IllegalArgumentException("McNemar: [[" + bothRight + ", " + onlyFirstRight + "], ["
                    + onlySecondRight + ", " + bothWrong + "]] has a negative count; count pairs of outcomes.");
        }
        Counts.add(Counts.add(bothRight, bothWrong), Counts.add(onlyFirstRight, onlySecondRight));
    }

    /// b + c.
    public long discordant() {
        return onlyFirstRight + onlySecondRight;
    }

    /// (b - c)/n: share right of the first minus that of the second; NaN without pairs.
    public double differenceOfRates() {
        long n = bothRight + discordant() + bothWrong;
        return n == 0 ? Double.NaN : (double) (onlyFirstRight - onlySecondRight) / n;
    }

    /// Tango 1998: all differences of rates (b - c)/n that the score test keeps; [-1, 1] without pairs. It keeps its
    /// level
    /// in small samples too, and has a width where b + c = 0.
    public Interval tango(double alpha) {
        double z = Proportion.z(alpha, 2);
        return PairedScore.of(this).invert(z);
    }

    /// Two-sided: twice P(X <= min(b, c)), at most 1. Its size is at most alpha.
    public double pExact() {
        return Math.min(1, 2 * BinomialTails.atMost(fewer(), discordant(), 0.5));
    }

    /// P(X >= b): small where the first is better. Its size is at most alpha.
    public double pFirstBetter() {
        return BinomialTails.atLeast(onlyFirstRight, discordant(), 0.5);
    }

    /// P(X >= c): small where the second is better. Its size is at most alpha.
    public double pSecondBetter() {
        return BinomialTails.atLeast(onlySecondRight, discordant(), 0.5);
    }

    /// Two-sided mid-p by doubling: 2 P(X < min(b, c)) + P(X = min(b, c)); 1 where b = c. Its size may
    /// exceed alpha slightly.
    public double pMid() {
        if (discordant() == 0) {
            return Double.NaN;
        }
        return onlyFirstRight == onlySecondRight
                ? 1
                : 2 * BinomialTails.atMost(fewer() - 1, discordant(), 0.5) + atFewer();
    }

    /// The same after Fagerland, Lydersen and Laake 2013, who have 1 - P(X = b)/2 where b = c.
    public double pMidFagerland() {
        return discordant() > 0 && onlyFirstRight == onlySecondRight ? 1 - atFewer() / 2 : pMid();
    }

    /// (b - c)²/(b + c), one degree of freedom.
    public double chi2() {
        double difference = (double) onlyFirstRight - onlySecondRight;
        return difference * difference / discordant();
    }

    /// P(χ² > [#chi2]), one degree of freedom: two-sided.
    public double pChi2() {
        return StandardNormal.beyond(StrictMath.sqrt(chi2()));
    }

    /// Edwards 1948: (|b - c| - 1)²/(b + c); as published, so 1/(b + c) and not 0 where b = c.
    public double chi2Corrected() {
        double difference = Math.abs((double) onlyFirstRight - onlySecondRight) - 1;
        return discordant() == 0 ? Double.NaN : difference * difference / discordant();
    }

    /// P(χ² > [#chi2Corrected]), one degree of freedom: two-sided.
    public double pChi2Corrected() {
        return StandardNormal.beyond(StrictMath.sqrt(chi2Corrected()));
    }

    private long fewer() {
        return Math.min(onlyFirstRight, onlySecondRight);
    }

    private double atFewer() {
        return BinomialTails.exactly(fewer(), discordant(), 0.5);
    }
}
