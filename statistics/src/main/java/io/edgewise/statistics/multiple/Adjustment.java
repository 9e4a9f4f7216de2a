// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Adjusted p-values of m tests, in the order of the input: the smallest level at which the procedure as
/// a whole rejects that test. Rejected at alpha is adjusted <= alpha, both as computed in double
/// arithmetic; the operations are in the order of statsmodels, so that a p-value exactly on the line
/// falls to the same side.
///
/// No tests give no values. A p-value that is NaN or outside [0, 1] is a mistake.
public enum Adjustment {
    /// m p. Family-wise error at most alpha under any dependence.
    BONFERRONI {
        @Override
        void adjustSorted(double[] p) {
            for (int i = 0; i < p.length; i++) {
                p[i] = p[i] * p.length;
            }
        }
    },
    /// 1 - (1 - p)^m (Šidák 1967). Family-wise error at most alpha for independent tests.
    SIDAK {
        @Override
        void adjustSorted(double[] p) {
            for (int i = 0; i < p.length; i++) {
                p[i] = -StrictMath.expm1(p.length * StrictMath.log1p(-p[i]));
            }
        }
    },
    /// max over j <= i of (m - j + 1) p_(j) (Holm 1979). As Bonferroni, and never weaker.
    HOLM {
        @Override
        void adjustSorted(double[] p) {
            double largest = 0;
            for (int i = 0; i < p.length; i++) {
                largest = Math.max(largest, p[i] * (p.length - i));
                p[i] = largest;
            }
        }
    },
    /// Closed testing with Simes' test (Hommel 1988). Family-wise error at most alpha where Simes' test
    /// is valid: independent or positively dependent tests. Takes m² steps: a second for 20,000 tests.
    HOMMEL {
        @Override
        void adjustSorted(double[] p) {
            double[] given = p.clone();
            for (int m = p.length; m > 1; m--) {
                int rest = p.length - m;
                double simes = Double.POSITIVE_INFINITY;
                for (int j = 1; j <= m; j++) {
                    simes = Math.min(simes, m * given[rest + j - 1] / j);
                }
                for (int i = 0; i < p.length; i++) {
                    p[i] = Math.max(p[i], i < rest ? Math.min(m * given[i], simes) : simes);
                }
            }
        }
    },
    /// min over j >= i of m p_(j)/j (Benjamini and Hochberg 1995). False discovery rate at most alpha for
    /// independent or positively dependent tests.
    BENJAMINI_HOCHBERG {
        @Override
        void adjustSorted(double[] p) {
            stepUp(p, 1);
        }
    },
    /// min over j >= i of m p_(j)/j times 1 + 1/2 + ... + 1/m (Benjamini and Yekutieli 2001). False
    /// discovery rate at most alpha under any dependence.
    BENJAMINI_YEKUTIELI {
        @Override
        void adjustSorted(double[] p) {
            double harmonic = 0;
            for (int i = 1; i <= p.length; i++) {
                harmonic += 1.0 / i;
            }
            stepUp(p, harmonic);
        }
    };

    /// Replaces ascending p-values by adjusted ones, not yet cut at 1.
    abstract void adjustSorted(double[] p);

    /// Adjusted p-values in the order given.
    public double[] adjusted(double[] p) {
        for (int i = 0; i < p.length; i++) {
            if (!(p[i] >= 0 && p[i] <= 1)) {
                throw new IllegalArgumentException("Adjustment: p-value " + i + " is " + p[i]
                        + "; p-values lie between 0 and 1. Leave out tests that could not be made.");
            }
        }
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] sorted = IntStream.of(order).mapToDouble(i -> p[i]).toArray();
        adjustSorted(sorted);
        double[] adjusted = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            adjusted[order[i]] = Math.min(1, sorted[i]);
        }
        return adjusted;
    }

    /// Which have an adjusted p-value of at most alpha.
    public boolean[] rejected(double[] p, double alpha) {
        EValues.requireAlpha(alpha);
        double[] adjusted = adjusted(p);
        boolean[] rejected = new boolean[p.length];
        for (int i = 0; i < p.length; i++) {
            rejected[i] = adjusted[i] <= alpha;
        }
        return rejected;
    }

    private static void stepUp(double[] p, double penalty) {
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = p.length - 1; i >= 0; i--) {
            double share = (i + 1.0) / p.length / penalty;
            smallest = Math.min(smallest, p[i] / share);
            p[i] = smallest;
        }
    }
}
