// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

/// e-LOND: which of a stream of releases were bad, with false discovery rate at most alpha at every time
/// and under any dependence (Xu and Ramdas 2024, "Online multiple testing with e-values").
///
/// Release t is rejected where e_t >= 1/alpha_t, alpha_t = alpha γ_t (R + 1), R the rejections before it
/// and γ_t = 6/(π² t²). Each decision is final; the state is two numbers and a function of the decisions
/// so far, so the releases must be given in the order in which they were decided.
public record ELond(double alpha, long tested, long rejected) {
    public ELond {
        EValues.requireAlpha(alpha);
        if (rejected < 0 || rejected > tested) {
            throw new IllegalArgumentException("ELond: " + rejected + " rejected of " + tested
                    + " releases; the number must lie between 0 and those tested.");
        }
    }

    public static ELond start(double alpha) {
        return new ELond(alpha, 0, 0);
    }

    /// The level of the next release. At most alpha: γ_t t <= 1.
    public double level() {
        return AlphaShares.of(alpha, tested + 1) * (rejected + 1.0);
    }

    /// Whether the next release is rejected.
    public boolean rejects(double logE) {
        EValues.requireNumbers(logE);
        return logE >= -StrictMath.log(level());
    }

    /// The state after the next release.
    public ELond after(double logE) {
        return new ELond(alpha, tested + 1, rejected + (rejects(logE) ? 1 : 0));
    }
}
