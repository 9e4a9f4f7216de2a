// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// The mixture sequential probability ratio test of a normal mean (Johari et al., arXiv 1512.04922): `L =
/// sqrt(σ²/(σ² + nτ²)) exp(n²τ²(x̄ - θ)²/(2σ²(σ² + nτ²)))`. It assumes normal values of known variance:
/// shown beside other platforms' numbers for comparison, never a gate. A function of totals.
public record Msprt(double variance, double mixingVariance, double theta) {
    public Msprt {
        Require.positive("Msprt", "variance", variance);
        Require.positive("Msprt", "mixing variance", mixingVariance);
        Require.finite("Msprt", theta);
    }

    /// ln L after n values of this mean; 0 without any.
    public double logLikelihoodRatio(long n, double mean) {
        if (n < 0) {
            throw new IllegalArgumentException("Msprt: n " + n + " must not be negative.");
        }
        if (n == 0) {
            return 0;
        }
        double spread = variance + n * mixingVariance;
        double off = n * (Require.finite("Msprt", mean) - theta);
        return mixingVariance * off * off / (2 * variance * spread)
                - StrictMath.log1p(n * mixingVariance / variance) / 2;
    }

    /// min(1, 1/L); the smallest value over all looks so far is the always-valid p-value.
    public double pValue(long n, double mean) {
        return Math.min(1, StrictMath.exp(-logLikelihoodRatio(n, mean)));
    }
}
