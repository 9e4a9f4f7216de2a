// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

import io.edgewise.statistics.proportion.Interval;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.DataDispersion;
import org.apache.commons.statistics.inference.TTest;

/// Welch's comparison of two means without equal variances (1947), with Satterthwaite's degrees of
/// freedom.
///
/// For a look at samples of sizes fixed beforehand; approximate for values that are not normal. All but
/// the difference are NaN where a sample has fewer than two values, neither varies, or a variance is beyond the
/// range of doubles (scale such values first). Values must be finite.
///
/// @param difference mean(x) - mean(y); NaN where a sample is empty
/// @param standardError √(s²(x)/n + s²(y)/m), s² with divisor n - 1
/// @param p two-sided
public record Welch(double difference, double standardError, double t, double degrees, double p) {
    /// t = difference / standard error, its law Student's with Satterthwaite's degrees of freedom.
    public static Welch of(double[] x, double[] y) {
        OrderedSample one = finite(x);
        OrderedSample two = finite(y);
        double difference = one.mean() - two.mean();
        double varianceOne = one.sd() * one.sd();
        double varianceTwo = two.sd() * two.sd();
        double standardError = StrictMath.sqrt(varianceOne / one.n() + varianceTwo / two.n());
        if (!(standardError > 0 && standardError <= Double.MAX_VALUE)) {
            return new Welch(difference, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        TTest.Result result = TTest.withDefaults()
                .with(DataDispersion.HETEROSCEDASTIC)
                .test(one.mean(), varianceOne, one.n(), two.mean(), varianceTwo, two.n());
        return new Welch(
                difference, standardError, result.getStatistic(), result.getDegreesOfFreedom(), result.getPValue());
    }

    /// For mean(x) - mean(y), two-sided at level 1 - alpha; bounds are NaN where t is.
    public Interval interval(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException(
                    "Welch: alpha " + alpha + " must lie strictly between 0 and 1 (0.05 for a 95 % interval, not 95).");
        }
        if (Double.isNaN(t)) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double half = TDistribution.of(degrees).inverseSurvivalProbability(alpha / 2) * standardError;
        return new Interval(difference - half, difference + half);
    }

    private static OrderedSample finite(double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("Welch: value " + i + " is " + values[i]
                        + "; means need finite values. Compare quantiles, or count such values apart.");
            }
        }
        return OrderedSample.of(values);
    }
}
