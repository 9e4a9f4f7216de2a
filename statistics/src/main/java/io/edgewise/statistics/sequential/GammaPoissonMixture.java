// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.special.GammaTail;

/// Gamma-Poisson mixture for sub-Poisson sums of scale c (Howard et al., arXiv 1810.08240), e.g. centred
/// counts of a Poisson process times c, V its compensator times c². One-sided. With R = ρ/c², W =
/// (v+ρ)/c², Y = s/c + W: `R^R / (Γ(R) Q(R,R)) · Γ(Y) Q(Y,W) W^-Y exp(v/c²)`, Q the regularised upper
/// incomplete gamma.
public record GammaPoissonMixture(double rho, double c) implements Mixture {
    public GammaPoissonMixture {
        Require.positive("GammaPoissonMixture", "rho", rho);
        Require.positive("GammaPoissonMixture", "scale c", c);
    }

    /// ρ as for the one-sided normal mixture.
    public static GammaPoissonMixture best(double v, double alpha, double c) {
        return new GammaPoissonMixture(NormalMixture.bestRho(v, alpha, true), c);
    }

    @Override
    public double logValue(double s, double v) {
        Mixture.requireTime(v);
        double square = c * c;
        double w = (v + rho) / square;
        return GammaTail.logUpper(s / c + w, w) - GammaTail.logUpper(rho / square, rho / square);
    }
}
