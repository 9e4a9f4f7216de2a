// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

/// Shannon's (1948) entropy of a distribution, given by weights of any sum (probabilities or counts).
///
/// 0 ln 0 = 0. Without weights, or where all are 0, there is no distribution and every figure is NaN. A
/// negative, NaN or infinite weight is a mistake.
public final class Entropy {
    private Entropy() {}

    /// -Σ p ln p.
    public static double nats(double[] weights) {
        double largest = 0;
        for (double weight : weights) {
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "Entropy: weight " + weight + "; weights must be finite and not negative.");
            }
            largest = Math.max(largest, weight);
        }
        if (largest == 0) {
            return Double.NaN;
        }
        double sum = 0;
        for (double weight : weights) {
            sum += weight / largest;
        }
        double entropy = 0;
        double lost = 0;
        for (double weight : weights) {
            double share = weight / largest / sum;
            double term = (share > 0 ? -share * StrictMath.log(share) : 0) - lost;
            double next = entropy + term;
            lost = (next - entropy) - term;
            entropy = next;
        }
        return Math.max(0, entropy);
    }

    /// -Σ p ln p, the plug-in of counts: too small by about (categories - 1)/(2 n) (Miller 1955).
    public static double nats(long[] counts) {
        double[] weights = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            weights[i] = counts[i];
        }
        return nats(weights);
    }

    /// -Σ p log2 p: nats / ln 2.
    public static double bits(double[] weights) {
        return nats(weights) / StrictMath.log(2);
    }

    /// nats / ln(number of weights, zeros included): 1 for the uniform distribution (up to rounding); 0
    /// for one weight.
    public static double normalised(double[] weights) {
        double nats = nats(weights);
        return weights.length == 1 ? nats : nats / StrictMath.log(weights.length);
    }

    /// exp(nats): how many equally likely outcomes are as uncertain.
    public static double perplexity(double[] weights) {
        return StrictMath.exp(nats(weights));
    }
}
