// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/// Mann and Whitney's test (1947) that neither of two samples tends to be larger; two-sided p-values.
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

    public static MannWhitney of(double[] x, double[] y) {
        requireNumbers(x);
        requireNumbers(y);
        if (x.length == 0 || y.length == 0) {
            return new MannWhitney(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        MannWhitneyUTest test = MannWhitneyUTest.withDefaults();
        MannWhitneyUTest.Result result = test.with(PValueMethod.ASYMPTOTIC).test(x, y);
        double u = result.getStatistic();
        double p = result.getPValue();
        boolean exact = !result.hasTiedValues() && x.length <= MOST_EXACT && y.length <= MOST_EXACT;
        return new MannWhitney(
                u,
                u / ((double) x.length * y.length),
                Double.isNaN(p) ? 1 : p,
                exact ? test.with(PValueMethod.EXACT).test(x, y).getPValue() : Double.NaN);
    }

    /// The exact p-value where there is one, else the asymptotic.
    public double p() {
        return Double.isNaN(pExact) ? pAsymptotic : pExact;
    }

    private static void requireNumbers(double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalArgumentException(
                        "MannWhitney: value " + i + " is NaN and has no rank; leave out what could not be measured.");
            }
        }
    }
}
