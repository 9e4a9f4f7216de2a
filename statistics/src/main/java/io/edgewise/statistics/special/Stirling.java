// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.special;

/// The two small terms that are left of log-gamma differences when the large ones are cancelled by hand
/// (Loader 2000, "Fast and accurate computation of binomial probabilities"): with them, likelihood ratios of a
/// billion observations keep all digits that a double can hold. NaN gives NaN.
public final class Stirling {
    private static final double[] SERIES = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
    };
    private static final double SERIES_FROM = 10;
    private static final double HALF_LOG_TWO_PI = 0.9189385332046727;

    private Stirling() {}

    /// ln Γ(x) - ((x - 1/2) ln x - x + ln(2π)/2) for x > 0: Stirling's series from 10 on, below it by `Γ(x
    /// + 1) = x Γ(x)`.
    public static double rest(double x) {
        double shift = 0;
        double at = x;
        while (at < SERIES_FROM) {
            shift += (at + 0.5) * StrictMath.log1p(1 / at) - 1;
            at++;
        }
        double sum = 0;
        double square = at * at;
        for (int i = SERIES.length - 1; i >= 0; i--) {
            sum = SERIES[i] + sum / square;
        }
        return shift + sum / at;
    }

    /// x ln(x / m) - (x - m) where x = m + d, without cancellation for a small d (Loader 2000, "saddle
    /// point expansion").
    public static double deviance(double m, double d) {
        double x = m + d;
        if (Math.abs(d) >= 0.1 * (x + m)) {
            return x <= 0 ? m : x * StrictMath.log(x / m) - d;
        }
        double v = d / (x + m);
        double sum = d * v;
        double term = 2 * x * v;
        double square = v * v;
        for (int j = 3; ; j += 2) {
            term *= square;
            double next = sum + term / j;
            if (!(Math.abs(next - sum) > 0)) {
                return next;
            }
            sum = next;
        }
    }

    /// ln(Γ(a) x^-a e^x) for a, x > 0.
    public static double logGammaOver(double a, double x) {
        return deviance(x, a - x) - StrictMath.log(a) / 2 + HALF_LOG_TWO_PI + rest(a);
    }

    /// ln(B(x, y) / (p^x q^y)) for x, y > 0 and p + q = 1; both are given, so that the smaller one is
    /// exact.
    public static double logBetaOver(double x, double y, double p, double q) {
        double n = x + y;
        double d = p <= q ? Math.fma(-n, p, x) : -Math.fma(-n, q, y);
        double likelihood = deviance(n * p, d) + deviance(n * q, -d);
        double spread = (StrictMath.log(n) - StrictMath.log(x) - StrictMath.log(y)) / 2 + HALF_LOG_TWO_PI;
        return likelihood + spread + rest(x) + rest(y) - rest(n);
    }
}
