// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import org.apache.commons.statistics.inference.FisherExactTest;

/// Two shares, `a` of `a + b` and `c` of `c + d`, and whether they differ. Where a row or a column is
/// empty nothing can be shown: p-values are 1 and Yates' statistic is 0.
public record TwoByTwo(long a, long b, long c, long d) {
    /// Above, a sum over the hypergeometric law is slow and χ² is as good.
    private static final long FISHER_UP_TO = 10_000_000;

    public TwoByTwo {
        if (a < 0 || b < 0 || c < 0 || d < 0) {
            throw new IllegalArgumentException(
                    "TwoByTwo: " + a + ", " + b + ", " + c + ", " + d + "; counts cannot be negative.");
        }
        Math.addExact(Math.addExact(a, b), Math.addExact(c, d));
    }

    /// Fisher's exact test, two-sided: the probability of all tables of these margins that are at most as
    /// likely as this one (commons-statistics; SciPy's convention).
    public double fisher() {
        if (isEmpty()) {
            return 1;
        }
        if (total() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "TwoByTwo: Fisher's test of " + total() + " observations; use p(), which turns to chi-square.");
        }
        int[][] table = {{(int) a, (int) b}, {(int) c, (int) d}};
        return FisherExactTest.withDefaults().test(table).getPValue();
    }

    /// χ² with Yates' correction: Σ (max(0, |O - E| - 1/2))² / E.
    public double yates() {
        if (isEmpty()) {
            return 0;
        }
        double n = total();
        double gap = Math.max(0, Math.abs(determinant()) / n - 0.5);
        double top = (double) a + b;
        double left = (double) a + c;
        double statistic = 0;
        for (double row : new double[] {top, n - top}) {
            for (double column : new double[] {left, n - left}) {
                statistic += gap * gap / (row / n * column);
            }
        }
        return statistic;
    }

    public double yatesP() {
        return NoncentralChiSquare.above(yates(), 1, 0);
    }

    /// The p-value to decide with: Fisher's, or Yates' for more than ten million observations.
    public double p() {
        return total() > FISHER_UP_TO ? yatesP() : fisher();
    }

    private long total() {
        return a + b + c + d;
    }

    /// a d - b c, which is N (O - E) of every cell up to its sign; the second product's rounding is given
    /// back.
    private double determinant() {
        double product = (double) b * c;
        double lost = Math.fma((double) b, (double) c, -product);
        return Math.fma((double) a, (double) d, -product) - lost;
    }

    private boolean isEmpty() {
        return a + b == 0 || c + d == 0 || a + c == 0 || b + d == 0;
    }
}
