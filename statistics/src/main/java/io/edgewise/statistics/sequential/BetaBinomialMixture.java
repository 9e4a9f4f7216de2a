// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// Beta-binomial mixture for sub-Bernoulli sums, increments between -g and h (Howard et al., arXiv
/// 1810.08240). With p = g/(g+h) the sum counts as k = (v + hs)/(h(g+h)) events and m = (v - gs)/(g(g+h))
/// others against p, mixed by Beta(r/(h(g+h)), r/(g(g+h))), which the one-sided form cuts to (p, 1). For n
/// Bernoulli(p) values: g = p, h = 1-p, S = Σ(x - p), V = np(1-p).
///
/// Sums lie between -v/h and v/g; NaN beyond.
public record BetaBinomialMixture(double r, double g, double h, boolean oneSided) implements Mixture {
    private static final double LEAST_SHARE = 1e-3;

    public BetaBinomialMixture {
        Require.positive("BetaBinomialMixture", "r", r);
        Require.positive("BetaBinomialMixture", "g", g);
        Require.positive("BetaBinomialMixture", "h", h);
    }

    /// r = max(ρ - gh, gh/1000), ρ as for the normal mixture.
    public static BetaBinomialMixture best(double v, double alpha, double g, double h, boolean oneSided) {
        double r = Math.max(NormalMixture.bestRho(v, alpha, oneSided) - g * h, LEAST_SHARE * g * h);
        return new BetaBinomialMixture(r, g, h, oneSided);
    }

    /// The Beta's first parameter, for events.
    double a() {
        return r / (h * (g + h));
    }

    /// The Beta's second parameter.
    double b() {
        return r / (g * (g + h));
    }

    @Override
    public double largestSum(double v) {
        return v / g;
    }

    @Override
    public double logValue(double s, double v) {
        Mixture.requireTime(v);
        double range = g + h;
        double k = (v + h * s) / (h * range);
        double m = (v - g * s) / (g * range);
        double slack = 1e-12 * (v / (g * h) + 1);
        if (!(k >= -slack && m >= -slack)) {
            return Double.NaN;
        }
        return logOfCounts(Math.max(k, 0), Math.max(m, 0));
    }

    /// The same by the numbers of events and others.
    double logOfCounts(double k, double m) {
        double p = g / (g + h);
        double q = h / (g + h);
        return oneSided ? BetaMixture.logAbove(k, m, p, q, a(), b()) : BetaMixture.log(k, m, p, q, a(), b());
    }
}
