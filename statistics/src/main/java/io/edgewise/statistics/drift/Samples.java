// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import java.util.Arrays;

/// Samples, checked on the way in.
final class Samples {
    private Samples() {}

    /// An ascending copy in which -0.0 is 0.0. Infinite values are values; NaN is refused.
    static double[] sorted(String what, double[] sample) {
        double[] sorted = new double[sample.length];
        for (int i = 0; i < sample.length; i++) {
            if (Double.isNaN(sample[i])) {
                throw new IllegalArgumentException(
                        what + "[" + i + "] is NaN; leave missing values out and test their share apart.");
            }
            sorted[i] = sample[i] + 0.0;
        }
        Arrays.sort(sorted);
        return sorted;
    }
}
