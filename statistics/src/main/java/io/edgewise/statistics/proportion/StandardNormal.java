// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import org.apache.commons.math3.special.Erf;

/// Tails of the standard normal law, the same bits on every machine.
///
/// The tail is Commons Math's complementary error function (within 1e-13, relative, down to 1e-300). Its
/// inverse is not used: it goes through 1 - tail and is wrong from the ninth digit at a tail of 1e-10,
/// from the fifth at 1e-15.
public final class StandardNormal {
    private static final double SQRT_2 = StrictMath.sqrt(2);
    private static final double LN_SQRT_2_PI = StrictMath.log(2 * StrictMath.PI) / 2;
    private static final double SMALLEST_TAIL = 1e-300;
    private static final int MOST_STEPS = 100;

    private StandardNormal() {}

    /// P(Z > z); NaN for NaN.
    public static double above(double z) {
        return Erf.erfc(z / SQRT_2) / 2;
    }

    /// P(|Z| > |z|): the two-sided p-value of a standardised statistic; NaN for NaN.
    public static double beyond(double z) {
        return Erf.erfc(Math.abs(z) / SQRT_2);
    }

    /// The z with P(Z > z) = tail, by Newton's method on ln P(Z > z): the function is concave and the
    /// start √(-2 ln tail) lies to the right of the root, so that the steps come down to it and never
    /// pass it.
    ///
    /// @param tail from 1e-300 to 1 - 1e-16
    public static double quantileAbove(double tail) {
        if (!(tail >= SMALLEST_TAIL && tail < 1)) {
            throw new IllegalArgumentException("StandardNormal: tail " + tail
                    + " must be a probability from 1e-300 to below 1 (0.025 for a two-sided 95 % interval).");
        }
        if (tail > 0.5) {
            return -quantileAbove(1 - tail);
        }
        double lnTail = StrictMath.log(tail);
        double z = StrictMath.sqrt(-2 * lnTail);
        for (int i = 0; i < MOST_STEPS; i++) {
            double lnAbove = StrictMath.log(above(z));
            double lnDensity = -z * z / 2 - LN_SQRT_2_PI;
            double next = z + (lnAbove - lnTail) * StrictMath.exp(lnAbove - lnDensity);
            if (!(next < z)) {
                break;
            }
            z = next;
        }
        return z;
    }
}
