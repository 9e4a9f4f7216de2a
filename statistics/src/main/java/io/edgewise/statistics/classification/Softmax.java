// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import java.util.Arrays;

/// Probabilities of a model's logits (Bridle 1990), computed from differences to the largest one, so that
/// no size overflows (Blanchard, Higham and Higham 2021; SciPy's `special.softmax` and `logsumexp`).
///
/// A logit of -∞ is an impossible class. NaN and +∞ are refused. Where there is no logit above -∞ there
/// is no distribution: probabilities and their logarithms are NaN, logSumExp is -∞, top is refused.
public final class Softmax {
    private Softmax() {}

    /// ln Σ exp(logit), as largest + ln Σ exp(logit - largest).
    public static double logSumExp(double[] logits) {
        double largest = largest(logits);
        if (largest == Double.NEGATIVE_INFINITY) {
            return largest;
        }
        double sum = 0;
        for (double logit : logits) {
            sum += StrictMath.exp(logit - largest);
        }
        return largest + StrictMath.log(sum);
    }

    /// (logit - largest) - ln Σ exp(logit - largest): finite where [#probabilities] would round to 0.
    public static double[] logProbabilities(double[] logits) {
        double largest = largest(logits);
        double sum = 0;
        for (double logit : logits) {
            sum += StrictMath.exp(logit - largest);
        }
        double scale = StrictMath.log(sum);
        return Arrays.stream(logits).map(l -> l - largest - scale).toArray();
    }

    /// exp(logit - largest) / Σ exp(logit - largest).
    public static double[] probabilities(double[] logits) {
        double largest = largest(logits);
        double[] probabilities =
                Arrays.stream(logits).map(l -> StrictMath.exp(l - largest)).toArray();
        double sum = Arrays.stream(probabilities).sum();
        return Arrays.stream(probabilities).map(p -> p / sum).toArray();
    }

    /// The first of the largest values.
    public static int top(double[] values) {
        if (!(values.length > 0 && largest(values) > Double.NEGATIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Softmax: " + values.length + " classes of which none is possible have no top one.");
        }
        int top = 0;
        for (int i = 1; i < values.length; i++) {
            top = values[i] > values[top] ? i : top;
        }
        return top;
    }

    /// Largest minus second largest probability; the probability itself where there is only one; NaN
    /// where there is none.
    public static double margin(double[] probabilities) {
        double first = 0;
        double second = 0;
        for (double p : probabilities) {
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException("Softmax: probability " + p + " must lie in [0, 1].");
            }
            if (p > first) {
                second = first;
                first = p;
            } else {
                second = Math.max(second, p);
            }
        }
        return probabilities.length == 0 ? Double.NaN : first - second;
    }

    private static double largest(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            if (Double.isNaN(logit) || logit == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "Softmax: logit " + logit + "; logits must be finite, or -∞ for an impossible class.");
            }
            largest = Math.max(largest, logit);
        }
        return largest;
    }
}
