// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Confidence against correctness in 15 equal bins (lo, hi], 0 in the first and 1 in the last: counts and sums that
/// merge.
///
/// What "correct" means (truth, or the champion's label) is the caller's, and never mixed. Figures are NaN where
/// nothing
/// was counted: no data is not good calibration.
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record Reliability(long[] n, long[] correct, double[] confidenceSum) {
    public static final int BINS = 15;

    public Reliability {
        if (n.length != BINS || correct.length != BINS || confidenceSum.length != BINS) {
            throw new IllegalArgumentException("Reliability: " + n.length + ", " + correct.length + " and "
                    + confidenceSum.length + " bins; there are " + BINS + ".");
        }
        n = n.clone();
        correct = correct.clone();
        confidenceSum = confidenceSum.clone();
        for (int i = 0; i < BINS; i++) {
            if (correct[i] < 0
                    || correct[i] > n[i]
                    || !(confidenceSum[i] >= 0 && confidenceSum[i] < Double.MAX_VALUE)) {
                throw new IllegalArgumentException("Reliability: bin " + i + " has " + correct[i] + " correct of "
                        + n[i] + " and a confidence sum of " + confidenceSum[i] + "; these cannot come from counting.");
            }
        }
    }

    public static Reliability empty() {
        return new Reliability(new long[BINS], new long[BINS], new double[BINS]);
    }

    /// The bin of a confidence. Bounds are the doubles k/15.
    public static int bin(double confidence) {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException(
                    "Reliability: confidence " + confidence + " must lie in [0, 1]; leave out answers without one.");
        }
        int bin = (int) Math.min(BINS - 1, Math.floor(confidence * BINS));
        if (bin > 0 && confidence <= (double) bin / BINS) {
            return bin - 1;
        }
        return bin < BINS - 1 && confidence > (double) (bin + 1) / BINS ? bin + 1 : bin;
    }

    @Override
    public long[] n() {
        return n.clone();
    }

    @Override
    public long[] correct() {
        return correct.clone();
    }

    @Override
    public double[] confidenceSum() {
        return confidenceSum.clone();
    }

    public long total() {
        return sum(n);
    }

    /// Share of correct answers.
    public double accuracy() {
        return (double) sum(correct) / total();
    }

    /// Mean confidence minus accuracy: positive where the model is too sure.
    public double gap() {
        return (Arrays.stream(confidenceSum).sum() - sum(correct)) / total();
    }

    /// The plug-in expected calibration error. Biased upwards on few observations, most for a perfect model.
    public double ece() {
        double apart = 0;
        for (int i = 0; i < BINS; i++) {
            apart += Math.abs(confidenceSum[i] - correct[i]);
        }
        return apart / total();
    }

    public Reliability plus(Reliability other) {
        long[] counts = n.clone();
        long[] right = correct.clone();
        double[] sums = confidenceSum.clone();
        for (int i = 0; i < BINS; i++) {
            counts[i] = Math.addExact(counts[i], other.n[i]);
            right[i] = Math.addExact(right[i], other.correct[i]);
            sums[i] += other.confidenceSum[i];
        }
        return new Reliability(counts, right, sums);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Reliability that
                && Arrays.equals(n, that.n)
                && Arrays.equals(correct, that.correct)
                && Arrays.equals(confidenceSum, that.confidenceSum);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(n) + Arrays.hashCode(correct)) + Arrays.hashCode(confidenceSum);
    }

    @Override
    public String toString() {
        return "Reliability[n=" + Arrays.toString(n) + ", correct=" + Arrays.toString(correct) + ", confidenceSum="
                + Arrays.toString(confidenceSum) + "]";
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum = Math.addExact(sum, count);
        }
        return sum;
    }
}
