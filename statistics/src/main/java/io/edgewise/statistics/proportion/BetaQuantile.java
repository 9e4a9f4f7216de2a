// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.random.RandomGenerator;

/// Quantiles of the beta law to the last digits: Commons Math's search (asked for 1e-15, not for its
/// default of 1e-9, which is wrong from the fourth digit for 3 events in a million), then Newton's steps
/// on its distribution function.
final class BetaQuantile {
    private static final double SEARCH_ACCURACY = 1e-15;
    private static final int STEPS = 3;

    private BetaQuantile() {}

    static double of(double probability, double alpha, double beta) {
        BetaDistribution law = new BetaDistribution((RandomGenerator) null, alpha, beta, SEARCH_ACCURACY);
        double x = law.inverseCumulativeProbability(probability);
        for (int i = 0; i < STEPS && x > 0 && x < 1; i++) {
            double step = (law.cumulativeProbability(x) - probability) / StrictMath.exp(law.logDensity(x));
            if (!(Math.abs(step) < Math.min(x, 1 - x) / 2)) {
                break;
            }
            x -= step;
        }
        return x;
    }
}
