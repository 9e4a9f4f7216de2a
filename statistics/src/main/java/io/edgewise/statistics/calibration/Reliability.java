// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import io.edgewise.statistics.special.Counts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Confidence against correctness in 15 equal bins (lo, hi], 0 in the first and 1 in the last: counts
/// and sums that merge.
///
/// What "correct" means (truth, or the champion's label) is the caller's, and never mixed. Figures are
/// NaN where nothing was counted: no data is not good calibration. [#bins] has all figures; the most
/// used ones are here too.
///
/// Sums of confidence are kept as integers of 2^-52 in two words, so merging is exact, associative and
/// commutative. A sum of at least 1 is taken over as it is, a smaller one to the nearest 2^-52. Gather
/// by [#plus], or hand in sums that were gathered in integers; sums of doubles depend on their order
/// before they come here. A sum that n confidences of its bin cannot have (2e-9 for each allowed, so that
/// confidences may be rounded to 1e-9 after their bin was chosen) is refused, also one of no answers.
public final class Reliability {
    public static final int BINS = 15;
    private static final int FRACTION_BITS = 52;
    private static final long ONE = 1L << FRACTION_BITS;
    private static final double LARGEST_SUM = 0x1p62;
    private static final Reliability EMPTY = new Reliability(new long[BINS], new long[BINS], new double[BINS]);

    private final long[] n;
    private final long[] correct;
    private final long[] whole;
    private final long[] fraction;

    public Reliability(long[] n, long[] correct, double[] confidenceSum) {
        this(n.clone(), correct.clone(), new long[confidenceSum.length], new long[confidenceSum.length]);
        for (int i = 0; i < BINS; i++) {
            double sum = confidenceSum[i];
            CalibrationBins.requirePossible("Reliability", i, n[i], correct[i]);
            CalibrationBins.requireSum("Reliability", i, n[i], sum, (double) i / BINS, (double) (i + 1) / BINS);
            if (sum >= LARGEST_SUM) {
                throw new IllegalArgumentException(
                        "Reliability: bin " + i + " has a confidence sum of " + sum + "; at most 2^62 can be kept.");
            }
            long units = (long) sum;
            long rest = (long) Math.rint((sum - units) * ONE);
            whole[i] = units + (rest >> FRACTION_BITS);
            fraction[i] = rest & (ONE - 1);
        }
    }

    private Reliability(long[] n, long[] correct, long[] whole, long[] fraction) {
        if (n.length != BINS || correct.length != BINS || whole.length != BINS) {
            throw new IllegalArgumentException("Reliability: " + n.length + ", " + correct.length + " and "
                    + whole.length + " bins; there are " + BINS + ".");
        }
        this.n = n;
        this.correct = correct;
        this.whole = whole;
        this.fraction = fraction;
    }

    public static Reliability empty() {
        return EMPTY;
    }

    /// One answer.
    public static Reliability of(double confidence, boolean correct) {
        int bin = bin(confidence);
        long[] n = new long[BINS];
        long[] right = new long[BINS];
        double[] sums = new double[BINS];
        n[bin] = 1;
        right[bin] = correct ? 1 : 0;
        sums[bin] = confidence;
        return new Reliability(n, right, sums);
    }

    /// The bin of a confidence. Bounds are the doubles k/15.
    public static int bin(double confidence) {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException(
                    "Reliability: confidence " + confidence + " must lie in [0, 1]; leave out answers without one.");
        }
        return CalibrationBins.bin(confidence, BINS);
    }

    public long[] n() {
        return n.clone();
    }

    public long[] correct() {
        return correct.clone();
    }

    public double[] confidenceSum() {
        double[] sums = new double[BINS];
        for (int i = 0; i < BINS; i++) {
            sums[i] = whole[i] + (double) fraction[i] / ONE;
        }
        return sums;
    }

    /// The same counts, with all figures: MCE, RMSCE, debiased L2, Murphy's parts, noise floor,
    /// diagram.
    public CalibrationBins bins() {
        return new CalibrationBins(n, correct, confidenceSum());
    }

    public long total() {
        return CalibrationBins.sum(n);
    }

    /// Share of correct answers.
    public double accuracy() {
        return bins().accuracy();
    }

    /// Mean confidence minus accuracy: positive where the model is too sure.
    public double gap() {
        return bins().gap();
    }

    /// The plug-in expected calibration error. Biased upwards on few observations, most for a perfect
    /// model.
    public double ece() {
        return bins().ece();
    }

    public Reliability plus(Reliability other) {
        long[] counts = n.clone();
        long[] right = correct.clone();
        long[] units = whole.clone();
        long[] rest = fraction.clone();
        for (int i = 0; i < BINS; i++) {
            counts[i] = Counts.add(counts[i], other.n[i]);
            right[i] = Counts.add(right[i], other.correct[i]);
            rest[i] += other.fraction[i];
            units[i] = Counts.add(Counts.add(units[i], other.whole[i]), rest[i] >> FRACTION_BITS);
            rest[i] &= ONE - 1;
        }
        return new Reliability(counts, right, units, rest);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Reliability that
                && Arrays.equals(n, that.n)
                && Arrays.equals(correct, that.correct)
                && Arrays.equals(whole, that.whole)
                && Arrays.equals(fraction, that.fraction);
    }

    @Override
    public int hashCode() {
        int counts = 31 * Arrays.hashCode(n) + Arrays.hashCode(correct);
        return 31 * (31 * counts + Arrays.hashCode(whole)) + Arrays.hashCode(fraction);
    }

    @Override
    public String toString() {
        return "Reliability[n=" + Arrays.toString(n) + ", correct=" + Arrays.toString(correct) + ", confidenceSum="
                + Arrays.toString(confidenceSum()) + "]";
    }
}
