// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// Sums of numbers that are known by their logarithms.
final class LogSums {
    private LogSums() {}

    /// ln(1 + exp(x)).
    static double onePlus(double x) {
        return x > 0 ? x + StrictMath.log1p(StrictMath.exp(-x)) : StrictMath.log1p(StrictMath.exp(x));
    }
}
