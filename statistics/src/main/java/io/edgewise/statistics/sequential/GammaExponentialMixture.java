// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.special.GammaTail;

/// Gamma-exponential mixture for sub-exponential sums of scale c (Howard et al., arXiv 1810.08240), e.g.
/// the centred sum of values in [a, a + c] with V = Σ(x - predicted x)² (empirical Bernstein, their
/// Theorem 4). One-sided. With R = ρ/c², A = (v+ρ)/c², X = (cs+v+ρ)/c²: `R^R / (Γ(R) P(R,R)) · Γ(A) P(A,X)
/// X^-A exp(X - R)`, P the regularised lower incomplete gamma.
///
/// NaN for s <= -(v+ρ)/c, where X is not positive.
public record GammaExponentialMixture(double rho, double c) implements Mixture {
    public GammaExponentialMixture {
        Require.positive("GammaExponentialMixture", "rho", rho);
        Require.positive("GammaExponentialMixture", "scale c", c);
    }

    /// ρ as for the one-sided normal mixture.
    public static GammaExponentialMixture best(double v, double alpha, double c) {
        return new GammaExponentialMixture(NormalMixture.bestRho(v, alpha, true), c);
    }

    @Override
    public double logValue(double s, double v) {
        Mixture.requireTime(v);
        double square = c * c;
        double x = (c * s + v + rho) / square;
        if (!(x > 0)) {
            return Double.NaN;
        }
        return GammaTail.logLower((v + rho) / square, x) - GammaTail.logLower(rho / square, rho / square);
    }
}
