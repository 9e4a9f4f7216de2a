// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.random.RandomGenerator;

/// What a simulation may show where a promise is kept.
public final class Limits {
    private Limits() {}

    /// The 99 % quantile of the number of events among independent runs with this probability each.
    public static int mostOf(int runs, double probability) {
        return new BinomialDistribution((RandomGenerator) null, runs, probability).inverseCumulativeProbability(0.99);
    }
}
