// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// Arithmetic on logarithms of evidence. NaN stays NaN.
final class Logs {
    private Logs() {}

    /// ln of the mean.
    static double mean(double... logs) {
        double most = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            if (Double.isNaN(log)) {
                return Double.NaN;
            }
            most = Math.max(most, log);
        }
        if (Double.isInfinite(most)) {
            return most;
        }
        double sum = 0;
        for (double log : logs) {
            sum += StrictMath.exp(log - most);
        }
        return most + StrictMath.log(sum / logs.length);
    }

    static double least(double... logs) {
        double least = Double.POSITIVE_INFINITY;
        for (double log : logs) {
            least = Math.min(least, log);
        }
        return least;
    }
}
