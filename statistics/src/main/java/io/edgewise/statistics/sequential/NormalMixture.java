// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.proportion.StandardNormal;

/// Normal mixture for sub-Gaussian sums (Robbins 1970; Howard et al., arXiv 1810.08240).
/// - two-sided: `sqrt(ρ/(v+ρ)) exp(s²/(2(v+ρ)))`
/// - one-sided (half-normal): `2 sqrt(ρ/(v+ρ)) exp(s²/(2(v+ρ))) Φ(s/sqrt(v+ρ))`
///
/// For n values in [0, 1], S = Σ(x - μ) and V = n/4.
public record NormalMixture(double rho, boolean oneSided) implements Mixture {
    private static final double HALF_LOG_TWO_PI = 0.9189385332046727;
    private static final double FAR = -8;

    public NormalMixture {
        Require.positive("NormalMixture", "rho", rho);
    }

    /// The mixture whose boundary at level alpha is nearly the tightest at intrinsic time v.
    public static NormalMixture best(double v, double alpha, boolean oneSided) {
        return new NormalMixture(bestRho(v, alpha, oneSided), oneSided);
    }

    /// ρ = v / (2 ln(1/α) + ln(1 + 2 ln(1/α))); a one-sided mixture takes 2α for α (which must then be
    /// below 1/2).
    public static double bestRho(double v, double alpha, boolean oneSided) {
        Require.positive("NormalMixture", "intrinsic time to tune for", v);
        double level = Require.alpha("NormalMixture", oneSided ? 2 * alpha : alpha);
        double twice = -2 * StrictMath.log(level);
        return v / (twice + StrictMath.log1p(twice));
    }

    @Override
    public double logValue(double s, double v) {
        Mixture.requireTime(v);
        double both = s / (v + rho) * s / 2 - StrictMath.log1p(v / rho) / 2;
        if (!oneSided) {
            return both;
        }
        double z = s / StrictMath.sqrt(v + rho);
        if (z >= FAR) {
            return both + StrictMath.log(2 * StandardNormal.above(-z));
        }
        return StrictMath.log(2) - StrictMath.log1p(v / rho) / 2 + logMills(-z) - HALF_LOG_TWO_PI;
    }

    @Override
    public double bound(double v, double alpha) {
        if (oneSided) {
            return Mixture.super.bound(v, alpha);
        }
        Mixture.requireTime(v);
        double logs = StrictMath.log1p(v / rho) - 2 * StrictMath.log(Require.alpha("NormalMixture", alpha));
        return StrictMath.sqrt((v + rho) * logs);
    }

    /// ln of (1 - Φ(z))/φ(z) for z >= 8, by Laplace's continued fraction.
    private static double logMills(double z) {
        double value = z;
        for (int i = 60; i >= 1; i--) {
            value = z + i / value;
        }
        return -StrictMath.log(value);
    }
}
