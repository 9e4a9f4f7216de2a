// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

import io.edgewise.statistics.proportion.StandardNormal;
import java.util.Arrays;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/// Mann and Whitney's test (1947) that neither of two samples tends to be larger; two-sided p-values.
///
/// U is a sum of whole and half numbers, exact for any two arrays; time is that of sorting them.
///
/// For a look at samples of independent observations of sizes fixed beforehand. Infinite values rank
/// first and last; NaN is a mistake. Where a sample is empty all figures are NaN.
///
/// @param u pairs in which x is larger, ties counting half
/// @param effect u/(n m): the probability that an x is larger than a y (common language effect size); 0.5
///        for none
/// @param pAsymptotic normal approximation with tie and continuity correction; 1 where all values are
///        equal
/// @param pExact from the exact law, twice the smaller tail, at most 1; NaN where values tie or a sample
///        is larger than 50, where the law is not made (200 values each would take half a minute)
public record MannWhitney(double u, double effect, double pAsymptotic, double pExact) {
    private static final int MOST_EXACT = 50;

    /// U of x: Σ over x of the y below it, equal ones counting half.
    public static MannWhitney of(double[] x, double[] y) {
        double[] one = sorted(x);
        double[] two = sorted(y);
        if (one.length == 0 || two.length == 0) {
            return new MannWhitney(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        long twiceU = 0;
        double ties = 0;
        boolean tied = false;
        int i = 0;
        int j = 0;
        while (i < one.length || j < two.length) {
            double value = i == one.length ? two[j] : j == two.length ? one[i] : Math.min(one[i], two[j]);
            int endX = end(one, i, value);
            int endY = end(two, j, value);
            twiceU += (long) (endX - i) * (j + (long) endY);
            double same = (double) (endX - i) + (endY - j);
            ties += same * (same * same - 1);
            tied |= same > 1;
            i = endX;
            j = endY;
        }
        double pairs = (double) one.length * two.length;
        boolean exact = !tied && one.length <= MOST_EXACT && two.length <= MOST_EXACT;
        return new MannWhitney(
                twiceU / 2.0,
                twiceU / 2.0 / pairs,
                asymptotic(twiceU, one.length, two.length, ties),
                exact
                        ? MannWhitneyUTest.withDefaults()
                                .with(PValueMethod.EXACT)
                                .test(one, two)
                                .getPValue()
                        : Double.NaN);
    }

    /// z = (|U - nm/2| - 1/2) / √(nm/12 · (N + 1 - Σ(t³ - t)/(N(N - 1)))), t the sizes of ties.
    private static double asymptotic(long twiceU, long n, long m, double ties) {
        double all = (double) n + m;
        double variance = (double) n * m / 12 * (all + 1 - ties / (all * (all - 1)));
        double off = (Math.abs(twiceU - n * m) - 1) / 2.0;
        return variance > 0 && off > 0 ? StandardNormal.beyond(off / StrictMath.sqrt(variance)) : 1;
    }

    private static int end(double[] ascending, int from, double value) {
        int end = from;
        while (end < ascending.length && ascending[end] == value) {
            end++;
        }
        return end;
    }

    /// The exact p-value where there is one, else the asymptotic.
    public double p() {
        return Double.isNaN(pExact) ? pAsymptotic : pExact;
    }

    private static double[] sorted(double[] values) {
        double[] sorted = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalArgumentException(
                        "MannWhitney: value " + i + " is NaN and has no rank; leave out what could not be measured.");
            }
            sorted[i] = values[i] + 0.0;
        }
        Arrays.sort(sorted);
        return sorted;
    }
}
