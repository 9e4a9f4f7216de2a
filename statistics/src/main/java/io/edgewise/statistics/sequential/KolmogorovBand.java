// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// A band around the empirical distribution function that holds for all values and all times at once
/// (Howard and Ramdas, arXiv 1906.09712, Theorem 2): `sup|F_n - F| <= 0.85 sqrt((ln ln(en) + 0.8
/// ln(1612/α))/n)` for every n >= 1 with probability 1 - α. Any distribution, ties included. A function of
/// totals.
public final class KolmogorovBand {
    private KolmogorovBand() {}

    /// The band's half-width, at most 1 (which says nothing); 1 before any value.
    public static double radius(long n, double alpha) {
        Require.alpha("KolmogorovBand", alpha);
        if (n < 0) {
            throw new IllegalArgumentException("KolmogorovBand: n " + n + " must not be negative.");
        }
        if (n == 0) {
            return 1;
        }
        double iterated = StrictMath.log1p(StrictMath.log((double) n));
        return Math.min(1, 0.85 * StrictMath.sqrt((iterated + 0.8 * StrictMath.log(1612 / alpha)) / n));
    }

    /// Whether the largest distance of two empirical distribution functions is more than both bands allow,
    /// each at half of alpha: then the two arms differ somewhere.
    public static boolean differ(double distance, long n, long m, double alpha) {
        Require.unit("KolmogorovBand", distance);
        return distance > radius(n, alpha / 2) + radius(m, alpha / 2);
    }
}
