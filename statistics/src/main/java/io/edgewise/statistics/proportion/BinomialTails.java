// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.special.Beta;

/// Probabilities of X, binomial(n, p), that keep their digits where they are small.
///
/// Tails are regularised incomplete beta functions, P(X >= k) = I_p(k, n - k + 1). Commons Math's own
/// `cumulativeProbability` is 1 - I and is left with no digit at 1e-17.
public final class BinomialTails {
    /// Above this, 1 - I keeps enough digits.
    private static final double NOT_SMALL = 0.1;

    private BinomialTails() {}

    /// P(X >= k).
    public static double atLeast(long k, long n, double p) {
        require(n, p);
        if (k <= 0 || k > n) {
            return k <= 0 ? 1 : 0;
        }
        return p == 0 || p == 1 ? p : Beta.regularizedBeta(p, (double) k, n - k + 1.0);
    }

    /// P(X <= k).
    public static double atMost(long k, long n, double p) {
        double rest = 1 - atLeast(k + 1, n, p);
        if (rest > NOT_SMALL || k < 0 || p == 1) {
            return rest;
        }
        return Beta.regularizedBeta(1 - p, n - (double) k, k + 1.0);
    }

    /// P(X = k), by Loader's saddle-point expansion.
    public static double exactly(long k, long n, double p) {
        require(n, p);
        if (n > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("BinomialTails: n = " + n
                    + " is beyond 2^31 - 1, where single probabilities are not computed; use the tails.");
        }
        if (k < 0 || k > n) {
            return 0;
        }
        return new BinomialDistribution((RandomGenerator) null, (int) n, p).probability((int) k);
    }

    private static void require(long n, double p) {
        if (n < 0 || !(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(
                    "BinomialTails: n = " + n + " must not be negative and p = " + p + " must lie between 0 and 1.");
        }
    }
}
