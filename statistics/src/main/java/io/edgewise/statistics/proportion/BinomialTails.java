// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import io.edgewise.statistics.special.BetaTail;
import io.edgewise.statistics.special.Stirling;

/// Probabilities of X, binomial(n, p), for n of any size, that keep their digits where they are small: within
/// 1e-9 of themselves up to n = 10¹², 1e-6 beyond.
///
/// Tails are regularised incomplete beta functions, P(X >= k) = I_p(k, n - k + 1), as [BetaTail] has them.
/// Commons Math's own `cumulativeProbability` is 1 - I and is left with no digit at 1e-17, and its
/// `regularizedBeta` needs minutes for n = 10¹⁵.
public final class BinomialTails {
    private static final double LN_TWO_PI = StrictMath.log(2 * StrictMath.PI);

    private BinomialTails() {}

    /// P(X >= k).
    public static double atLeast(long k, long n, double p) {
        require(n, p);
        if (k <= 0 || k > n) {
            return k <= 0 ? 1 : 0;
        }
        return p == 0 || p == 1 ? p : betaBelow((double) k, n - k + 1.0, p, 1 - p);
    }

    /// P(X <= k).
    public static double atMost(long k, long n, double p) {
        require(n, p);
        if (k < 0 || k >= n) {
            return k < 0 ? 0 : 1;
        }
        return p == 0 || p == 1 ? 1 - p : betaBelow(n - (double) k, k + 1.0, 1 - p, p);
    }

    /// P(X = k), by Loader's saddle-point expansion (2000).
    public static double exactly(long k, long n, double p) {
        require(n, p);
        if (k < 0 || k > n) {
            return 0;
        }
        if (p == 0 || p == 1) {
            return k == (p == 0 ? 0 : n) ? 1 : 0;
        }
        return StrictMath.exp(ln((double) k, (double) (n - k), p, 1 - p));
    }

    /// ln of the probability of k events and m other outcomes where p + q = 1, both above 0.
    static double ln(double k, double m, double p, double q) {
        if (k == 0 || m == 0) {
            return (k == 0 ? 0 : k * lnShare(p, q)) + (m == 0 ? 0 : m * lnShare(q, p));
        }
        double n = k + m;
        double d = p <= q ? Math.fma(-n, p, k) : -Math.fma(-n, q, m);
        return Stirling.rest(n)
                - Stirling.rest(k)
                - Stirling.rest(m)
                - Stirling.deviance(n * p, d)
                - Stirling.deviance(n * q, -d)
                + (StrictMath.log(n) - LN_TWO_PI - StrictMath.log(k) - StrictMath.log(m)) / 2;
    }

    private static double lnShare(double p, double q) {
        return q < p ? StrictMath.log1p(-q) : StrictMath.log(p);
    }

    /// The regularised incomplete beta function I_p(x, y).
    private static double betaBelow(double x, double y, double p, double q) {
        double log = BetaTail.logLower(x, y, p, q) - Stirling.logBetaOver(x, y, p, q);
        return StrictMath.exp(Math.min(0, log));
    }

    private static void require(long n, double p) {
        if (n < 0 || !(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(
                    "BinomialTails: n = " + n + " must not be negative and p = " + p + " must lie between 0 and 1.");
        }
    }
}
