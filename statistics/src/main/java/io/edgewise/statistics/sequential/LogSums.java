// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// Sums of numbers that are known by their logarithms.
final class LogSums {
    private LogSums() {}

    /// ln of the mean of exp(x).
    static double mean(double[] x) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            largest = Math.max(largest, value);
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            return largest;
        }
        double sum = 0;
        for (double value : x) {
            sum += StrictMath.exp(value - largest);
        }
        return largest + (StrictMath.log(sum) - StrictMath.log(x.length));
    }

    /// ln(1 + exp(x)).
    static double onePlus(double x) {
        return x > 0 ? x + StrictMath.log1p(StrictMath.exp(-x)) : StrictMath.log1p(StrictMath.exp(x));
    }
}
