// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.special;

/// Incomplete gamma functions relative to their integrand at the limit, as logarithms: they neither
/// overflow nor underflow, and large arguments lose no digits. Series and continued fraction: DLMF 8.7.1
/// and 8.9.2. Steps grow with √a where x is near a; beyond 10¹² use an expansion.
public final class GammaTail {
    private static final int MOST_STEPS = 10_000_000;
    private static final double TINY = 1e-300;

    /// Two units in the last place: rounding may keep a factor from being exactly 1.
    private static final double CLOSE = 2 * Math.ulp(1.0);

    private GammaTail() {}

    /// ln(γ(a, x) x^-a e^x) for a, x > 0: the integral below x.
    public static double logLower(double a, double x) {
        if (x < a + 1) {
            return series(a, x);
        }
        double whole = Stirling.logGammaOver(a, x);
        return whole + StrictMath.log1p(-StrictMath.exp(fraction(a, x) - whole));
    }

    /// ln(Γ(a, x) x^-a e^x) for x > 0 and any a: the integral above x.
    public static double logUpper(double a, double x) {
        if (x >= a + 1) {
            return fraction(a, x);
        }
        double whole = Stirling.logGammaOver(a, x);
        return whole + StrictMath.log1p(-StrictMath.exp(series(a, x) - whole));
    }

    private static double series(double a, double x) {
        double term = 1;
        double sum = 1;
        for (int i = 1; i <= MOST_STEPS; i++) {
            term *= x / (a + i);
            double next = sum + term;
            if (!(Math.abs(next - sum) > 0)) {
                return StrictMath.log(next) - StrictMath.log(a);
            }
            sum = next;
        }
        throw new IllegalStateException("GammaTail: no convergence for a " + a + ", x " + x + "; report this case.");
    }

    private static double fraction(double a, double x) {
        double b = x + 1 - a;
        double c = 1 / TINY;
        double d = 1 / away(b);
        double value = d;
        for (int i = 1; i <= MOST_STEPS; i++) {
            double over = -i * (i - a);
            b += 2;
            d = 1 / away(over * d + b);
            c = away(b + over / c);
            double change = d * c;
            value *= change;
            if (!(Math.abs(change - 1) > CLOSE)) {
                return StrictMath.log(value);
            }
        }
        throw new IllegalStateException("GammaTail: no convergence for a " + a + ", x " + x + "; report this case.");
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
