// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import org.apache.commons.math3.distribution.NormalDistribution;

/// The normal law and its folded form |u + s Z|.
final class Normal {
    private static final NormalDistribution STANDARD = new NormalDistribution(null, 0, 1);
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
        return STANDARD.inverseCumulativeProbability(probability);
    }

    /// z with P(|Z| <= z) = level.
    static double twoSided(double level) {
        return quantile(0.5 + level / 2);
    }

    /// E|u + s Z|, for u >= 0.
    static double foldedMean(double u, double s) {
        if (s <= 0) {
            return u;
        }
        double ratio = u / s;
        double density = DENSITY_AT_ZERO * StrictMath.exp(-ratio * ratio / 2);
        return u * (2 * STANDARD.cumulativeProbability(ratio) - 1) + 2 * s * density;
    }
}
