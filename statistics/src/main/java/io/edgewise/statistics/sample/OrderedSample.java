// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

import io.edgewise.statistics.proportion.BinomialTails;
import io.edgewise.statistics.proportion.Interval;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// A whole sample, sorted: its figures are the same to the last bit in whatever order the values came.
///
/// Infinite values are values; NaN is a mistake. All figures of an empty sample are NaN.
public final class OrderedSample {
    private final double[] ascending;

    private OrderedSample(double[] ascending) {
        this.ascending = ascending;
    }

    public static OrderedSample of(double[] values) {
        double[] ascending = values.clone();
        for (int i = 0; i < ascending.length; i++) {
            if (Double.isNaN(ascending[i])) {
                throw new IllegalArgumentException("OrderedSample: value " + i
                        + " is NaN; leave out what could not be measured and count it apart.");
            }
            ascending[i] += 0.0;
        }
        Arrays.sort(ascending);
        return new OrderedSample(ascending);
    }

    public int n() {
        return ascending.length;
    }

    public double min() {
        return ascending.length == 0 ? Double.NaN : ascending[0];
    }

    public double max() {
        return ascending.length == 0 ? Double.NaN : ascending[ascending.length - 1];
    }

    /// Arithmetic mean, by a compensated sum (Neumaier 1974) that does not overflow. An infinite value
    /// makes it infinite, infinite values of both signs NaN.
    public double mean() {
        if (ascending.length == 0 || Double.isInfinite(min()) || Double.isInfinite(max())) {
            return ascending.length == 0 ? Double.NaN : min() + max();
        }
        int exponent = exponent(Math.max(-min(), max()));
        double sum = 0;
        double lost = 0;
        for (double value : ascending) {
            double x = Math.scalb(value, -exponent);
            double next = sum + x;
            lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
            sum = next;
        }
        return Math.clamp(Math.scalb((sum + lost) / ascending.length, exponent), min(), max());
    }

    /// Standard deviation with divisor n - 1, from deviations about the mean. NaN for fewer than two
    /// values and where a value is infinite; 0 where all are equal.
    public double sd() {
        double mean = mean();
        if (ascending.length < 2 || !Double.isFinite(mean)) {
            return Double.NaN;
        }
        int exponent = exponent(Math.max(max() / 2 - mean / 2, mean / 2 - min() / 2)) + 1;
        double squares = 0;
        double sum = 0;
        for (double value : ascending) {
            double deviation = Math.scalb(value, -exponent) - Math.scalb(mean, -exponent);
            squares += deviation * deviation;
            sum += deviation;
        }
        double variance = (squares - sum * sum / ascending.length) / (ascending.length - 1);
        return Math.scalb(StrictMath.sqrt(Math.max(0, variance)), exponent);
    }

    /// @param p from 0 to 1
    public double quantile(double p, QuantileType type) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(
                    "OrderedSample: quantile " + p + " must lie between 0 and 1 (0.99, not 99).");
        }
        return ascending.length == 0 ? Double.NaN : type.of(ascending, p);
    }

    /// Distribution-free interval for the p-quantile of what the sample was drawn from, by order
    /// statistics: with X binomial(n, p), from rank i = min{i : P(X <= i) >= alpha/2} to rank 1 + min{j :
    /// P(X > j) <= alpha/2}; coverage at least 1 - alpha. A bound is NaN where the sample is too small
    /// for it.
    public Interval quantileInterval(double p, double alpha) {
        if (!(p > 0 && p < 1 && alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("OrderedSample: quantile " + p + " and alpha " + alpha
                    + " must lie strictly between 0 and 1 (0.99, not 99).");
        }
        int n = ascending.length;
        int low = first(k -> BinomialTails.atMost(k, n, p) >= alpha / 2);
        int high = first(k -> BinomialTails.atLeast(k + 1L, n, p) <= alpha / 2);
        return new Interval(low == 0 ? Double.NaN : ascending[low - 1], high >= n ? Double.NaN : ascending[high]);
    }

    /// The smallest of 0 ... n that holds; what holds for one holds for all above it, and for n.
    private int first(IntPredicate holds) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (holds.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// That of a magnitude as a power of two; scaling by it is exact.
    private static int exponent(double magnitude) {
        return magnitude == 0 ? 0 : Math.getExponent(magnitude);
    }
}
