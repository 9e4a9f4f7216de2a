// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.special.BetaTail;
import io.edgewise.statistics.special.Stirling;

/// Likelihood ratios of a Beta(a, b) mixture of event probabilities against the single probability p,
/// after k events and m other outcomes (counts need not be whole): `∫ t^k (1-t)^m dBeta(t) / (p^k q^m)`.
/// Exact to about 1e-9 for a billion outcomes: nothing of the size of the log-likelihood itself is ever
/// computed.
///
/// q = 1 - p is given too, so that the smaller of the two is exact.
final class BetaMixture {
    private BetaMixture() {}

    /// ln of the ratio; the mixture runs over (0, 1).
    static double log(double k, double m, double p, double q, double a, double b) {
        return Stirling.logBetaOver(a + k, b + m, p, q) - Stirling.logBetaOver(a, b, p, q);
    }

    /// The same where the mixture is cut to (p, 1): an e-process for "the probability is at most p".
    static double logAbove(double k, double m, double p, double q, double a, double b) {
        return BetaTail.logUpper(a + k, b + m, p, q) - BetaTail.logUpper(a, b, p, q);
    }

    /// The same where the mixture is cut to (0, p): an e-process for "the probability is at least p".
    static double logBelow(double k, double m, double p, double q, double a, double b) {
        return logAbove(m, k, q, p, b, a);
    }
}
