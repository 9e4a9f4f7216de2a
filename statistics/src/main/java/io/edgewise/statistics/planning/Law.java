// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.math3.special.Gamma;
import org.jspecify.annotations.Nullable;

/// What is assumed of one observation: a distribution on finitely many values, ascending, each with its
/// probability.
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record Law(double[] values, double[] probabilities) {
    private static final double ROUNDING = 1e-9;
    private static final int LARGEST_BLOCK = 100;

    public Law {
        if (values.length == 0 || values.length != probabilities.length) {
            throw new IllegalArgumentException("Law: " + values.length + " values with " + probabilities.length
                    + " probabilities; give one for each, and at least one.");
        }
        values = values.clone();
        probabilities = probabilities.clone();
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i]) || i > 0 && values[i - 1] >= values[i]) {
                throw new IllegalArgumentException(
                        "Law: values " + Arrays.toString(values) + " must be finite and strictly ascending.");
            }
            if (!(probabilities[i] >= 0)) {
                throw new IllegalArgumentException("Law: probability " + probabilities[i] + " of " + values[i]
                        + " must not be negative; the assumed value is out of reach of this kind of observation.");
            }
            sum += probabilities[i];
        }
        if (!(Math.abs(sum - 1) <= ROUNDING)) {
            throw new IllegalArgumentException("Law: probabilities sum to " + sum + "; they must sum to 1.");
        }
    }

    /// 1 with this probability, else 0: disagreements, failures, requests slower than tau.
    public static Law binary(double share) {
        return new Law(new double[] {0, 1}, new double[] {1 - share, share});
    }

    /// Paired difference of two events: `worse` = 1, `better` = -1, else 0; the mean is worse - better.
    public static Law difference(double worse, double better) {
        return new Law(new double[] {-1, 0, 1}, new double[] {better, 1 - worse - better, worse});
    }

    /// Judged disagreements: 1 won, 0.5 tied, 0 lost; the mean is `share`.
    public static Law wins(double share, double ties) {
        double won = share - ties / 2;
        return new Law(new double[] {0, 0.5, 1}, new double[] {1 - won - ties, ties, won});
    }

    /// Confidence minus correctness of answers that declare one confidence and are too sure by `gap`.
    public static Law gap(double confidence, double gap) {
        double correct = confidence - gap;
        return new Law(new double[] {confidence - 1, confidence}, new double[] {correct, 1 - correct});
    }

    /// The mean of a device's block of n such observations. Devices differ: each draws its own
    /// probabilities (Dirichlet with these as means), so that two observations of one device correlate by
    /// `correlation`; for binary values the block's sum is beta-binomial. Correlation 0: n independent
    /// observations.
    public Law ofDeviceBlocks(int n, double correlation) {
        if (n < 1 || n > LARGEST_BLOCK || !(correlation >= 0 && correlation < 1)) {
            throw new IllegalArgumentException("Law: blocks of " + n + " observations with correlation " + correlation
                    + "; needs 1 to " + LARGEST_BLOCK + " observations and a correlation in [0, 1).");
        }
        SortedMap<Double, Double> means = new TreeMap<>();
        compositions(new int[values.length], 0, n, correlation, means);
        return new Law(
                means.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
                means.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private void compositions(int[] counts, int at, int left, double correlation, SortedMap<Double, Double> means) {
        if (at == counts.length - 1) {
            counts[at] = left;
            int n = Arrays.stream(counts).sum();
            double sum = 0;
            for (int i = 0; i < counts.length; i++) {
                sum += counts[i] * values[i];
            }
            double grid = StrictMath.rint(sum / n / ROUNDING) * ROUNDING;
            double mean = Math.clamp(grid, values[0], values[values.length - 1]);
            means.merge(mean, probability(counts, n, correlation), Double::sum);
            return;
        }
        for (int k = 0; k <= left; k++) {
            counts[at] = k;
            compositions(counts, at + 1, left - k, correlation, means);
        }
    }

    /// Dirichlet-multinomial; multinomial where the correlation is 0.
    private double probability(int[] counts, int n, double correlation) {
        double log = Gamma.logGamma(n + 1.0);
        double total = correlation > 0 ? (1 - correlation) / correlation : 0;
        for (int i = 0; i < counts.length; i++) {
            int k = counts[i];
            if (k == 0) {
                continue;
            }
            if (probabilities[i] == 0) {
                return 0;
            }
            double alpha = probabilities[i] * total;
            log += correlation > 0
                    ? Gamma.logGamma(alpha + k) - Gamma.logGamma(alpha)
                    : k * StrictMath.log(probabilities[i]);
            log -= Gamma.logGamma(k + 1.0);
        }
        if (correlation > 0) {
            log += Gamma.logGamma(total) - Gamma.logGamma(total + n);
        }
        return StrictMath.exp(log);
    }

    @Override
    public double[] values() {
        return values.clone();
    }

    @Override
    public double[] probabilities() {
        return probabilities.clone();
    }

    /// Σ value · probability.
    public double mean() {
        double mean = 0;
        for (int i = 0; i < values.length; i++) {
            mean += values[i] * probabilities[i];
        }
        return mean;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Law that
                && Arrays.equals(values, that.values)
                && Arrays.equals(probabilities, that.probabilities);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + Arrays.hashCode(probabilities);
    }

    @Override
    public String toString() {
        return "Law[" + Arrays.toString(values) + " with " + Arrays.toString(probabilities) + "]";
    }
}
