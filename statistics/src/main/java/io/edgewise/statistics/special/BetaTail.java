// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.special;

/// Incomplete beta functions relative to their integrand at the limit, as logarithms: they neither overflow
/// nor underflow, and large parameters lose no digits. Where the standard deviation of the counts is below
/// 100,000 by the continued fraction, beyond by Simpson's rule, which is exact to 1e-9 there.
public final class BetaTail {
    private static final int MOST_STEPS = 10_000_000;
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
                ? StrictMath.log(fraction(x, y, p, q))
                : StrictMath.log(integral(x, y, p, q));
    }

    /// The even part of the continued fraction, as DiDonato and Morris have it (1992, TOMS 708, BFRAC): all
    /// differences are in x - n p, which loses no digits where p is nearly 1.
    private static double fraction(double x, double y, double p, double q) {
        double c = 1 + excess(x, y, p, q);
        double c1 = 1 + 1 / x;
        double part = 1;
        double s = x + 1;
        double an = 0;
        double bn = 1;
        double nextA = 1;
        double nextB = c / c1;
        double value = c1 / c;
        for (int i = 1; i <= MOST_STEPS; i++) {
            double t = i / x;
            double w = i * (y - i) * p;
            double e = x / s;
            double alpha = part * (part + y / x) * e * e * (w * p);
            double beta = i + w / s + (1 + t) / (c1 + t + t) * (c + i * (q + 1));
            part = 1 + t;
            s += 2;
            double a = alpha * an + beta * nextA;
            double b = alpha * bn + beta * nextB;
            double next = a / b;
            if (!(Math.abs(next - value) > CLOSE * next)) {
                return next;
            }
            value = next;
            an = nextA / b;
            bn = nextB / b;
            nextA = next;
            nextB = 1;
        }
        throw new IllegalStateException(
                "BetaTail: no convergence for x " + x + ", y " + y + ", p " + p + "; report this case.");
    }

    /// x - (x + y) p.
    private static double excess(double x, double y, double p, double q) {
        double n = x + y;
        return p <= q ? Math.fma(-n, p, x) : -Math.fma(-n, q, y);
    }

    /// With t = p - u: the logarithm falls by slope u + u²/(2 variance) and less than rounding besides, x and y
    /// being large.
    private static double integral(double x, double y, double p, double q) {
        double n = x + y;
        double slope = Math.max(0, excess(x, y, p, q) / p / q);
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
}
