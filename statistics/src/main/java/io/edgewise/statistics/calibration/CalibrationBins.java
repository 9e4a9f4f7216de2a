// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import io.edgewise.statistics.special.Counts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Counts and confidence sums of any bins, and the calibration figures that are functions of them.
///
/// Per bin: n answers, how many of them were correct, and the sum of their confidences. Bins without
/// answers count for nothing. With gap_b = |mean confidence - share correct| and weight n_b/n: ECE = Σ
/// weight · gap, MCE = the largest gap, RMSCE = √(Σ weight · gap²) (Guo et al. 2017). All figures are
/// NaN without answers: no data is not good calibration. Sums that n confidences between 0 and 1 cannot
/// have are refused.
///
/// torchmetrics bins by [lo, hi) with a bin of its own for 1.0; figures differ only where a confidence
/// sits on a bound.
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record CalibrationBins(long[] n, long[] correct, double[] confidenceSum) {
    /// Confidences are counted as whole 1e-9, so that a sum may be off by half of that for each; the rest is
    /// for sums of doubles.
    private static final double ROUNDING = 2e-9;

    private static final int MOST_BINS = 1 << 20;

    public CalibrationBins {
        if (n.length != correct.length || n.length != confidenceSum.length) {
            throw new IllegalArgumentException("CalibrationBins: " + n.length + ", " + correct.length + " and "
                    + confidenceSum.length + " bins; give n, correct and confidence sum of each bin.");
        }
        n = n.clone();
        correct = correct.clone();
        confidenceSum = confidenceSum.clone();
        for (int i = 0; i < n.length; i++) {
            requirePossible("CalibrationBins", i, n[i], correct[i]);
            requireSum("CalibrationBins", i, n[i], confidenceSum[i], 0, 1);
        }
    }

    /// Bins of equal width: bin k holds (k/bins, (k+1)/bins], bounds as doubles; 0 is in the first.
    public static CalibrationBins equalWidth(double[] confidence, boolean[] correct, int bins) {
        requireSample(confidence, correct, bins);
        int[] bin = Arrays.stream(confidence).mapToInt(c -> bin(c, bins)).toArray();
        return group(confidence, correct, bin, bins);
    }

    /// Bins of equal mass, as NumPy's array_split of the sample in stable order of confidence: the
    /// first n mod bins hold one answer more; ties are cut by position; bins that get nothing are left
    /// out.
    public static CalibrationBins equalMass(double[] confidence, boolean[] correct, int bins) {
        requireSample(confidence, correct, bins);
        int n = confidence.length;
        double[] ascending =
                Arrays.stream(confidence).map(c -> c + 0.0).sorted().toArray();
        int[] placed = new int[n];
        int[] bin = new int[n];
        int larger = n % bins;
        int size = n / bins;
        for (int i = 0; i < n; i++) {
            int first = firstAtLeast(ascending, confidence[i]);
            long rank = (long) first + placed[first]++;
            long inLarger = larger * (size + 1L);
            bin[i] = (int) (rank < inLarger ? rank / (size + 1L) : larger + (rank - inLarger) / size);
        }
        return group(confidence, correct, bin, Math.min(n, bins));
    }

    private static int firstAtLeast(double[] ascending, double value) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The bin of a confidence among bins of equal width, by the rule of [#equalWidth].
    public static int bin(double confidence, int bins) {
        requireBins(bins);
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("CalibrationBins: confidence " + confidence
                    + " must lie in [0, 1]; leave out answers without one.");
        }
        int bin = (int) Math.min(bins - 1, Math.floor(confidence * bins));
        if (bin > 0 && confidence <= (double) bin / bins) {
            return bin - 1;
        }
        return bin < bins - 1 && confidence > (double) (bin + 1) / bins ? bin + 1 : bin;
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

    public int bins() {
        return n.length;
    }

    /// Answers in all bins.
    public long total() {
        return sum(n);
    }

    /// Share of correct answers.
    public double accuracy() {
        return (double) sum(correct) / total();
    }

    /// Mean confidence minus accuracy: positive where the model is too sure.
    public double gap() {
        double sum = 0;
        for (double one : confidenceSum) {
            sum += one;
        }
        return (sum - sum(correct)) / total();
    }

    /// The plug-in expected calibration error. Biased upwards on few answers, most for a perfect model:
    /// read it beside its [#nullQuantile] and [EceInterval].
    public double ece() {
        double apart = 0;
        for (int i = 0; i < n.length; i++) {
            apart += Math.abs(confidenceSum[i] - correct[i]);
        }
        return apart / total();
    }

    /// The largest gap of a bin that holds answers.
    public double mce() {
        double largest = Double.NaN;
        for (int i = 0; i < n.length; i++) {
            if (n[i] > 0) {
                double gap = Math.abs(confidenceSum[i] - correct[i]) / n[i];
                largest = Double.isNaN(largest) ? gap : Math.max(largest, gap);
            }
        }
        return largest;
    }

    /// Root mean squared calibration error.
    public double rmsce() {
        return StrictMath.sqrt(murphy().reliability());
    }

    /// Σ n_b/n (gap² - r(1-r)/(n_b - 1)), r the share correct in the bin: unbiased for the squared L2
    /// error of the bins, so negative about half of the time for a perfect model. Bins of one answer
    /// are not corrected. Kumar, Liang and Ma 2019 (NeurIPS).
    public double squaredL2Debiased() {
        double sum = 0;
        for (int i = 0; i < n.length; i++) {
            if (n[i] > 0) {
                double gap = (confidenceSum[i] - correct[i]) / n[i];
                double rate = (double) correct[i] / n[i];
                sum += n[i] * (gap * gap - (n[i] > 1 ? rate * (1 - rate) / (n[i] - 1) : 0));
            }
        }
        return sum / total();
    }

    /// Murphy's parts of the Brier score on these bins, each with its mean confidence.
    public Murphy murphy() {
        long total = total();
        double base = accuracy();
        double reliability = 0;
        double resolution = 0;
        for (int i = 0; i < n.length; i++) {
            if (n[i] > 0) {
                double gap = (confidenceSum[i] - correct[i]) / n[i];
                double lift = (double) correct[i] / n[i] - base;
                reliability += n[i] * gap * gap;
                resolution += n[i] * lift * lift;
            }
        }
        return new Murphy(reliability / total, resolution / total, base * (1 - base));
    }

    /// What a perfectly calibrated model with these bins and mean confidences stays below with this
    /// probability (0.95): the noise floor of [#ece]. NaN without answers.
    ///
    /// Closed form. Given the confidences, correct answers of a bin are a sum of independent trials
    /// whose law is at most as wide as Binomial(n_b, mean confidence) (Hoeffding 1956). Mean, variance
    /// and third moment of its absolute gap (exact for small variance, half-normal else) add up over
    /// bins; the quantile is Cornish and Fisher's, second order, capped at the largest possible ECE.
    public double nullQuantile(double probability) {
        return NoiseFloor.quantile(this, probability);
    }

    /// The points of the reliability diagram: bins that hold answers, with Wilson's interval for the
    /// share correct.
    public List<DiagramPoint> diagram(double level) {
        List<DiagramPoint> points = new ArrayList<>();
        for (int i = 0; i < n.length; i++) {
            if (n[i] > 0) {
                points.add(DiagramPoint.of(i, n[i], correct[i], confidenceSum[i] / n[i], level));
            }
        }
        return points;
    }

    /// The bins that hold answers.
    CalibrationBins held() {
        int[] held = IntStream.range(0, n.length).filter(i -> n[i] > 0).toArray();
        return new CalibrationBins(
                Arrays.stream(held).mapToLong(i -> n[i]).toArray(),
                Arrays.stream(held).mapToLong(i -> correct[i]).toArray(),
                Arrays.stream(held).mapToDouble(i -> confidenceSum[i]).toArray());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CalibrationBins that
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
        return "CalibrationBins[n=" + Arrays.toString(n) + ", correct=" + Arrays.toString(correct) + ", confidenceSum="
                + Arrays.toString(confidenceSum) + "]";
    }

    static void requirePossible(String who, int bin, long n, long correct) {
        if (correct < 0 || correct > n) {
            throw new IllegalArgumentException(who + ": bin " + bin + " has " + correct + " correct of " + n
                    + "; these cannot come from counting.");
        }
    }

    /// A sum that n confidences in [low, high] can have, each rounded by up to [#ROUNDING].
    static void requireSum(String who, int bin, long n, double sum, double low, double high) {
        boolean possible = n == 0 ? sum == 0 : sum >= n * (low - ROUNDING) && sum <= n * (high + ROUNDING);
        if (!possible || sum < 0) {
            throw new IllegalArgumentException(who + ": bin " + bin + " holds " + n + " confidences in [" + low + ", "
                    + high + "] but their sum is given as " + sum + ", which cannot come from counting; it must lie"
                    + " between " + n * low + " and " + n * high + ". Is it another bin's, or of other answers?");
        }
    }

    static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum = Counts.add(sum, count);
        }
        return sum;
    }

    private static CalibrationBins group(double[] confidence, boolean[] correct, int[] bin, int bins) {
        long[] n = new long[bins];
        long[] right = new long[bins];
        double[] sums = new double[bins];
        for (int i = 0; i < confidence.length; i++) {
            n[bin[i]]++;
            right[bin[i]] += correct[i] ? 1 : 0;
            sums[bin[i]] += confidence[i];
        }
        return new CalibrationBins(n, right, sums);
    }

    private static void requireBins(int bins) {
        if (bins < 1 || bins > MOST_BINS) {
            throw new IllegalArgumentException(
                    "CalibrationBins: " + bins + " bins; there must be at least 1 (15) and at most 2^20.");
        }
    }

    private static void requireSample(double[] confidence, boolean[] correct, int bins) {
        Scores.requireSample("CalibrationBins", confidence, correct);
        requireBins(bins);
    }
}
