// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Arrays;

/// Any-time valid tests of a quantile of two independent arms (Howard and Ramdas, arXiv 1906.09712,
/// Theorem 5): at the true quantile x the product of both arms' beta-binomial supermartingales is one too;
/// x is not known, so the evidence is the smallest product over all x. Mixtures are tuned for nOpt values
/// per arm at alpha. Ties are allowed; +∞ is a value (a request that never ended). A function of totals:
/// of both arms' values.
public record TwoSampleQuantile(double p, double alpha, double nOpt) {
    public TwoSampleQuantile {
        if (!(p > 0 && p < 1)) {
            throw new IllegalArgumentException(
                    "TwoSampleQuantile: quantile " + p + " must lie strictly between 0 and 1, e.g. 0.99.");
        }
        Require.alpha("TwoSampleQuantile", alpha);
        Require.positive("TwoSampleQuantile", "nOpt", nOpt);
    }

    /// ln of the evidence against "both arms have the same p-quantile".
    public double logEDiffer(double[] one, double[] other) {
        double[] x = sorted(one, 1);
        double[] y = sorted(other, 1);
        BetaBinomialMixture mixture = BetaBinomialMixture.best(nOpt * p * (1 - p), alpha, p, 1 - p, false);
        double xWeakest = weakest(mixture, x.length);
        double yWeakest = weakest(mixture, y.length);
        double smallest = Double.POSITIVE_INFINITY;
        int xBelow = 0;
        int yBelow = 0;
        while (xBelow < x.length || yBelow < y.length) {
            double at = Math.min(
                    xBelow < x.length ? x[xBelow] : Double.POSITIVE_INFINITY,
                    yBelow < y.length ? y[yBelow] : Double.POSITIVE_INFINITY);
            int xUpTo = upTo(x, xBelow, at);
            int yUpTo = upTo(y, yBelow, at);
            double both = value(mixture, Math.clamp(xWeakest, xBelow, xUpTo), x.length)
                    + value(mixture, Math.clamp(yWeakest, yBelow, yUpTo), y.length);
            smallest = Math.min(smallest, both);
            xBelow = xUpTo;
            yBelow = yUpTo;
        }
        return smallest == Double.POSITIVE_INFINITY ? 0 : smallest;
    }

    /// ln of the evidence against "the challenger's p-quantile is at most `factor` times the champion's"
    /// (1.4 for "+40 %"): the champion's values are scaled first. One-sided mixtures, so this suits a
    /// composite hypothesis: at the champion's quantile x, at most p of its values lie below x and at
    /// least p of the challenger's up to x.
    public double logESlower(double[] champion, double[] challenger, double factor) {
        Require.positive("TwoSampleQuantile", "factor", factor);
        double[] x = sorted(champion, factor);
        double[] y = sorted(challenger, 1);
        BetaBinomialMixture mixture = BetaBinomialMixture.best(nOpt * p * (1 - p), alpha, p, 1 - p, true);
        double smallest = logMore(mixture, 0, x.length) + logFewer(mixture, 0, y.length);
        int xBelow = 0;
        int yUpTo = 0;
        while (yUpTo < y.length) {
            double at = y[yUpTo];
            yUpTo = upTo(y, yUpTo, at);
            while (xBelow < x.length && x[xBelow] < at) {
                xBelow++;
            }
            smallest = Math.min(smallest, logMore(mixture, xBelow, x.length) + logFewer(mixture, yUpTo, y.length));
        }
        return smallest;
    }

    private static double logMore(BetaBinomialMixture mixture, int k, int n) {
        return mixture.logOfCounts(k, n - k);
    }

    private double logFewer(BetaBinomialMixture mixture, int k, int n) {
        return BetaMixture.logBelow(k, n - k, p, 1 - p, mixture.a(), mixture.b());
    }

    /// The number of events, near np, at which n values say least against the quantile: the two-sided value
    /// is convex in that number. Between the events below x and up to x, the nearest to it says least.
    private static double weakest(BetaBinomialMixture mixture, int n) {
        double from = 0;
        double to = n;
        while (to - from > 1e-9 * n) {
            double third = (to - from) / 3;
            if (value(mixture, from + third, n) <= value(mixture, to - third, n)) {
                to -= third;
            } else {
                from += third;
            }
        }
        return (from + to) / 2;
    }

    private static double value(BetaBinomialMixture mixture, double k, int n) {
        return mixture.logOfCounts(k, n - k);
    }

    private static int upTo(double[] ascending, int from, double at) {
        int end = from;
        while (end < ascending.length && ascending[end] <= at) {
            end++;
        }
        return end;
    }

    private static double[] sorted(double[] values, double factor) {
        double[] scaled = new double[values.length];
        for (int i = 0; i < scaled.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalArgumentException(
                        "TwoSampleQuantile: value at position " + i + " is NaN; leave out what could not be measured.");
            }
            scaled[i] = factor * values[i] + 0.0;
        }
        Arrays.sort(scaled);
        return scaled;
    }
}
