// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import io.edgewise.statistics.proportion.StandardNormal;

/// What calibration asks of the normal law ([StandardNormal]), and its folded form |u + s Z|.
final class Normal {
    private static final double DENSITY_AT_ZERO = 1 / StrictMath.sqrt(2 * StrictMath.PI);

    /// E|Z|.
    static final double MEAN_OF_HALF = 2 * DENSITY_AT_ZERO;

    private Normal() {}

    /// z with P(Z <= z) = probability.
    static double quantile(double probability) {
        if (!(probability > 0 && probability < 1)) {
            throw new IllegalArgumentException(
                    "Calibration: probability " + probability + " must lie strictly between 0 and 1 (0.95, not 95).");
        }
        return -StandardNormal.quantileAbove(probability);
    }

    /// z with P(|Z| <= z) = level.
    static double twoSided(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "Calibration: level " + level + " must lie strictly between 0 and 1 (0.95, not 95).");
        }
        return StandardNormal.quantileAbove((1 - level) / 2);
    }

    /// E|u + s Z|, for u >= 0.
    static double foldedMean(double u, double s) {
        if (s <= 0) {
            return u;
        }
        double ratio = u / s;
        double density = DENSITY_AT_ZERO * StrictMath.exp(-ratio * ratio / 2);
        return u * (1 - StandardNormal.beyond(ratio)) + 2 * s * density;
    }
}
