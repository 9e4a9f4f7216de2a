// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.multiple.EValues;
import java.util.Arrays;

/// Arithmetic on logarithms of evidence. NaN stays NaN.
final class Logs {
    private Logs() {}

    /// ln of the mean.
    static double mean(double... logs) {
        return Arrays.stream(logs).anyMatch(Double::isNaN) ? Double.NaN : EValues.logMean(logs);
    }

    static double least(double... logs) {
        double least = Double.POSITIVE_INFINITY;
        for (double log : logs) {
            least = Math.min(least, log);
        }
        return least;
    }
}
