// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.proportion.Proportion;
import io.edgewise.statistics.proportion.TwoProportions;
import io.edgewise.statistics.special.Counts;

/// Two shares, `a` of `a + b` and `c` of `c + d`, and whether they differ. Where a row or a column is
/// empty nothing can be shown: p-values are 1 and Yates' statistic is 0.
public record TwoByTwo(long a, long b, long c, long d) {
    public TwoByTwo {
        if (a < 0 || b < 0 || c < 0 || d < 0) {
            throw new IllegalArgumentException(
                    "TwoByTwo: " + a + ", " + b + ", " + c + ", " + d + "; counts cannot be negative.");
        }
        Counts.add(Counts.add(a, b), Counts.add(c, d));
    }

    /// Fisher's exact test, two-sided: the probability of all tables of these margins that are at most as
    /// likely as this one ([TwoProportions#pFisher()]; SciPy's convention), for counts of any size.
    public double fisher() {
        return new TwoProportions(new Proportion(a, a + b), new Proportion(c, c + d)).pFisher();
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

    /// P(χ² > [#yates]), one degree of freedom: two-sided. Far too small where an expected count is below 1.
    public double yatesP() {
        return NoncentralChiSquare.above(yates(), 1, 0);
    }

    /// The p-value to decide with: Fisher's. χ² will not do even in large tables: of 1 missing value in 20,000
    /// against 0 in 10,000,000 Yates' p-value is 1e-28, while it happens by chance in 1 of 500 cases.
    public double p() {
        return fisher();
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
