// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.special;

/// Incomplete beta functions relative to their integrand at the limit, as logarithms: they neither overflow
/// nor underflow, and large parameters lose no digits. Where the standard deviation of the counts is below
/// 100,000 by the continued fraction (DLMF 8.17.22), beyond by Simpson's rule, which is exact to 1e-9 there.
public final class BetaTail {
    private static final int MOST_STEPS = 10_000_000;
    private static final double TINY = 1e-300;
    private static final double CLOSE = 2 * Math.ulp(1.0);
    private static final double WIDE = 100_000;

    /// Where the integrand has fallen by e^-45 nothing is left.
    private static final double NEGLIGIBLE = 45;

    private static final int INTERVALS = 4_000;

    private BetaTail() {}

    /// ln of (integral of t^(x-1) (1-t)^(y-1) over (p, 1)) / (p^x q^y), for x, y > 0 and p + q = 1; both are
    /// given, so that the smaller one is exact. Beyond the mean directly, before it by the complement.
    public static double logUpper(double x, double y, double p, double q) {
        if (p >= (x + 1) / (x + y + 2)) {
            return nearer(y, x, q, p);
        }
        double whole = Stirling.logBetaOver(x, y, p, q);
        return whole + StrictMath.log1p(-StrictMath.exp(nearer(x, y, p, q) - whole));
    }

    /// The same over (0, p).
    public static double logLower(double x, double y, double p, double q) {
        return logUpper(y, x, q, p);
    }

    /// The lower integral, for p up to about the mean.
    private static double nearer(double x, double y, double p, double q) {
        double n = x + y;
        return n * p * q < WIDE * WIDE || x < WIDE
                ? StrictMath.log(fraction(x, y, p)) - StrictMath.log(x)
                : StrictMath.log(integral(x, y, p, q));
    }

    /// Modified Lentz.
    private static double fraction(double x, double y, double p) {
        double c = 1;
        double d = 1 / away(1 - (x + y) * p / (x + 1));
        double value = d;
        for (int i = 1; i <= MOST_STEPS; i++) {
            double even = i * (y - i) * p / ((x + 2.0 * i - 1) * (x + 2.0 * i));
            d = 1 / away(1 + even * d);
            c = away(1 + even / c);
            value *= d * c;
            double odd = -(x + i) * (x + y + i) * p / ((x + 2.0 * i) * (x + 2.0 * i + 1));
            d = 1 / away(1 + odd * d);
            c = away(1 + odd / c);
            double change = d * c;
            value *= change;
            if (!(Math.abs(change - 1) > CLOSE)) {
                return value;
            }
        }
        throw new IllegalStateException(
                "BetaTail: no convergence for x " + x + ", y " + y + ", p " + p + "; report this case.");
    }

    /// With t = p - u: the logarithm falls by slope u + u²/(2 variance) and less than rounding besides, x and y
    /// being large.
    private static double integral(double x, double y, double p, double q) {
        double n = x + y;
        double excess = p <= q ? Math.fma(-n, p, x) : -Math.fma(-n, q, y);
        double slope = Math.max(0, excess / p / q);
        double curvature = n / p / q;
        double end = 2 * NEGLIGIBLE / (slope + StrictMath.sqrt(slope * slope + 2 * NEGLIGIBLE * curvature));
        double step = Math.min(end, p) / INTERVALS;
        double sum = 0;
        for (int i = 0; i <= INTERVALS; i++) {
            double u = i * step;
            double fall = slope * u - x * lnRest(-u / p) - y * lnRest(u / q);
            double weight = i == 0 || i == INTERVALS ? 1 : i % 2 == 0 ? 2 : 4;
            sum += weight * StrictMath.exp(-fall) / ((p - u) * (q + u));
        }
        return sum * step / 3;
    }

    /// ln(1 + v) - v.
    private static double lnRest(double v) {
        if (Math.abs(v) > 0.01) {
            return v <= -1 ? Double.NEGATIVE_INFINITY : StrictMath.log1p(v) - v;
        }
        double sum = 0;
        for (int i = 10; i >= 2; i--) {
            sum = sum * v + (i % 2 == 0 ? -1.0 : 1.0) / i;
        }
        return sum * v * v;
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
