// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import org.apache.commons.math3.special.Beta;

/// The e-process of a truncated beta mixture for "the event's probability is at most q0": the yardstick for
/// [MeanTest] on binary values. `E = ∫ Beta(a,b) likelihood over (q0, 1) / likelihood at q0`, normalised to
/// 1 without data.
public final class TruncatedBeta {
    private static final int MOST_STEPS = 1_000_000;
    private static final double TINY = 1e-300;

    private TruncatedBeta() {}

    /// ln E after k events in n.
    public static double logE(long k, long n, double q0, double a, double b) {
        if (k < 0 || k > n || !(q0 > 0 && q0 < 1) || !(a > 0) || !(b > 0)) {
            throw new IllegalArgumentException("TruncatedBeta: " + k + " of " + n + " against " + q0 + " with Beta(" + a
                    + ", " + b + "); k must lie between 0 and n, q0 strictly between 0 and 1, a and b above 0.");
        }
        double atLimit = k * StrictMath.log(q0) + (n - k) * StrictMath.log1p(-q0);
        return logUpper(a + k, b + n - k, q0) - logUpper(a, b, q0) - atLimit;
    }

    /// ln of the integral of t^(x-1) (1-t)^(y-1) over (q, 1). Beyond the mean directly by its continued
    /// fraction, so that it does not underflow; before the mean by the complement, which is then at most
    /// about 1/2.
    private static double logUpper(double x, double y, double q) {
        double edge = x * StrictMath.log(q) + y * StrictMath.log1p(-q);
        if (q >= (x + 1) / (x + y + 2)) {
            return edge - StrictMath.log(y) + StrictMath.log(fraction(y, x, 1 - q));
        }
        double whole = Beta.logBeta(x, y);
        double lower = edge - StrictMath.log(x) + StrictMath.log(fraction(x, y, q));
        return whole + StrictMath.log1p(-StrictMath.exp(lower - whole));
    }

    /// The continued fraction of the incomplete beta function (modified Lentz), for q up to about the mean.
    private static double fraction(double x, double y, double q) {
        double c = 1;
        double d = 1 / away(1 - (x + y) * q / (x + 1));
        double value = d;
        for (int m = 1; m <= MOST_STEPS; m++) {
            double even = m * (y - m) * q / ((x + 2 * m - 1) * (x + 2 * m));
            d = 1 / away(1 + even * d);
            c = away(1 + even / c);
            value *= d * c;
            double odd = -(x + m) * (x + y + m) * q / ((x + 2 * m) * (x + 2 * m + 1));
            d = 1 / away(1 + odd * d);
            c = away(1 + odd / c);
            double change = d * c;
            value *= change;
            if (Math.abs(change - 1) < 1e-16) {
                return value;
            }
        }
        throw new IllegalStateException(
                "TruncatedBeta: no convergence for x " + x + ", y " + y + ", q " + q + "; report this case.");
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
