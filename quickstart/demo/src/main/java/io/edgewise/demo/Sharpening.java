// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.util.List;

/// Sampling with a temperature: the chance of a choice is proportional to probability^(1/T). T = 0 takes the most
/// probable one, T = 1 samples the distribution as it is.
public final class Sharpening {
    private Sharpening() {}

    /// The index that `uniform` in [0, 1) falls on. Choices come best first.
    public static int pick(List<Double> probabilities, double temperature, double uniform) {
        if (probabilities.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to choose from");
        }
        if (temperature == 0) {
            return 0;
        }
        double[] weights = weights(probabilities, temperature);
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double left = uniform * total;
        for (int i = 0; i < weights.length; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return 0;
    }

    /// Relative to the best one, so that nothing underflows at low temperatures.
    private static double[] weights(List<Double> probabilities, double temperature) {
        double best = probabilities.getFirst();
        double[] weights = new double[probabilities.size()];
        for (int i = 0; i < weights.length; i++) {
            double ratio = best > 0 ? probabilities.get(i) / best : 1;
            weights[i] = StrictMath.pow(ratio, 1 / temperature);
        }
        return weights;
    }
}
