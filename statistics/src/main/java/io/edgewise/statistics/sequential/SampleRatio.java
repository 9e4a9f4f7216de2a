// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// Sequential test of the traffic split: are observations assigned to the arms in the planned shares
/// theta? The Dirichlet-multinomial mixture against theta (Lindon and Malek, arXiv 2011.03567):
/// `E = B(prior + counts)/B(prior) / Π theta_i^counts_i`, B the multivariate beta function. A function of
/// totals; valid at any time where every observation is assigned with probabilities theta given the past.
public final class SampleRatio {
    private static final double ROUNDING = 1e-9;

    private SampleRatio() {}

    /// ln of the evidence for a mismatch; prior = concentration · theta (100 to 10,000: large for small
    /// deviations).
    public static double logE(long[] counts, double[] theta, double concentration) {
        Require.positive("SampleRatio", "concentration", concentration);
        double[] prior = new double[theta.length];
        for (int i = 0; i < prior.length; i++) {
            prior[i] = concentration * theta[i];
        }
        return logE(counts, theta, prior);
    }

    /// The same with any Dirichlet prior. Written as a product of one beta mixture per arm against all
    /// later ones, which keeps all digits for large counts.
    public static double logE(long[] counts, double[] theta, double[] prior) {
        requireArms(counts, theta, prior);
        int last = counts.length - 1;
        double count = counts[last];
        double share = theta[last];
        double weight = prior[last];
        double logE = 0;
        for (int i = last - 1; i >= 0; i--) {
            double both = theta[i] + share;
            logE += BetaMixture.log((double) counts[i], count, theta[i] / both, share / both, prior[i], weight);
            count += counts[i];
            share = both;
            weight += prior[i];
        }
        return logE;
    }

    private static void requireArms(long[] counts, double[] theta, double[] prior) {
        if (counts.length < 2 || theta.length != counts.length || prior.length != counts.length) {
            throw new IllegalArgumentException("SampleRatio: " + counts.length + " counts, " + theta.length
                    + " shares and " + prior.length + " prior weights; give one of each for at least two arms.");
        }
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < 0 || !(theta[i] > 0)) {
                throw new IllegalArgumentException("SampleRatio: arm " + i + " has count " + counts[i] + " and share "
                        + theta[i] + "; counts must not be negative and planned shares must be above 0.");
            }
            Require.positive("SampleRatio", "prior weight", prior[i]);
            sum += theta[i];
        }
        if (!(Math.abs(sum - 1) <= ROUNDING)) {
            throw new IllegalArgumentException(
                    "SampleRatio: planned shares add up to " + sum + "; they must add up to 1.");
        }
    }
}
