// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// Mean and variance of what was seen so far, each drawn towards a prior value by one observation, as
/// predictable bets use them (Waudby-Smith and Ramdas, arXiv 2010.09686): `m_t = (m_0 + Σx)/(t+1)`, `v_t =
/// (1/4 + Σ(x_i - m_i)²)/(t+1)`. The variance depends on the order of the values.
public record PlugInMoments(double priorMean, long n, double sum, double squares) {
    private static final double PRIOR_VARIANCE = 0.25;

    public PlugInMoments {
        if (n < 0 || !Double.isFinite(priorMean) || !Double.isFinite(sum) || !(squares >= 0)) {
            throw new IllegalArgumentException("PlugInMoments: n " + n + ", prior mean " + priorMean + ", sum " + sum
                    + ", squares " + squares + " are no moments; rebuild the state from its observations.");
        }
    }

    static PlugInMoments start(double priorMean) {
        return new PlugInMoments(priorMean, 0, 0, 0);
    }

    /// (prior mean + Σx) / (n + 1).
    public double mean() {
        return (priorMean + sum) / (n + 1);
    }

    /// (1/4 + Σ(x - m)²) / (n + 1).
    public double variance() {
        return (PRIOR_VARIANCE + squares) / (n + 1);
    }

    PlugInMoments next(double x) {
        double off = x - (priorMean + sum + x) / (n + 2);
        return new PlugInMoments(priorMean, n + 1, sum + x, squares + off * off);
    }

    /// The bet on the next value for an interval of this alpha: `sqrt(2 ln(2/α) / (v_{t-1} t ln(t+1)))`.
    double bet(double alpha) {
        double t = n + 1;
        return StrictMath.sqrt(2 * StrictMath.log(2 / alpha) / (variance() * t * StrictMath.log1p(t)));
    }
}
