// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// Likelihood ratios of a Beta(a, b) mixture of event probabilities against the single probability p,
/// after k events and m other outcomes (counts need not be whole): `∫ t^k (1-t)^m dBeta(t) / (p^k q^m)`.
/// Exact to about 1e-9 for a billion outcomes: nothing of the size of the log-likelihood itself is ever
/// computed.
///
/// q = 1 - p is given too, so that the smaller of the two is exact.
final class BetaMixture {
    private static final int MOST_STEPS = 10_000_000;
    private static final double TINY = 1e-300;

    private BetaMixture() {}

    /// ln of the ratio; the mixture runs over (0, 1).
    static double log(double k, double m, double p, double q, double a, double b) {
        return Stirling.logBetaOver(a + k, b + m, p, q) - Stirling.logBetaOver(a, b, p, q);
    }

    /// The same where the mixture is cut to (p, 1): an e-process for "the probability is at most p".
    static double logAbove(double k, double m, double p, double q, double a, double b) {
        return logUpper(a + k, b + m, p, q) - logUpper(a, b, p, q);
    }

    /// The same where the mixture is cut to (0, p): an e-process for "the probability is at least p".
    static double logBelow(double k, double m, double p, double q, double a, double b) {
        return logAbove(m, k, q, p, b, a);
    }

    /// ln of (integral of t^(x-1) (1-t)^(y-1) over (p, 1)) / (p^x q^y). Beyond the mean directly by its
    /// continued fraction, so that it does not underflow; before the mean by the complement.
    private static double logUpper(double x, double y, double p, double q) {
        if (p >= (x + 1) / (x + y + 2)) {
            return StrictMath.log(fraction(y, x, q)) - StrictMath.log(y);
        }
        double whole = Stirling.logBetaOver(x, y, p, q);
        double lower = StrictMath.log(fraction(x, y, p)) - StrictMath.log(x);
        return whole + StrictMath.log1p(-StrictMath.exp(lower - whole));
    }

    /// The continued fraction of the incomplete beta function (DLMF 8.17.22, modified Lentz), for p up to
    /// the mean.
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
            if (Math.abs(change - 1) < 1e-16) {
                return value;
            }
        }
        throw new IllegalStateException(
                "BetaMixture: no convergence for x " + x + ", y " + y + ", p " + p + "; report this case.");
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
