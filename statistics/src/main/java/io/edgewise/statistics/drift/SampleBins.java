// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bins (lo, hi] with open outer ones, cut from an exact sample; repeated cuts are merged. Frozen 1,024
/// of them hold a baseline's distribution to within 1/1,024 (see [KolmogorovSmirnov#ofBins]). For counts
/// on a grid see [ReferenceBins].
///
/// @param cuts upper edge of every bin but the last, ascending
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record SampleBins(double[] cuts) {
    private static final int MOST_BINS = 1 << 20;

    public SampleBins {
        cuts = cuts.clone();
        for (int i = 0; i < cuts.length; i++) {
            if (Double.isNaN(cuts[i]) || i > 0 && cuts[i - 1] >= cuts[i]) {
                throw new IllegalArgumentException(
                        "SampleBins: cuts " + Arrays.toString(cuts) + " must be ascending, each once, without NaN.");
            }
        }
    }

    /// Cuts at the order statistics of rank ⌈k n / B⌉, k = 1 .. B-1.
    public static SampleBins orderStatistics(double[] reference, int bins) {
        double[] sorted = sorted(reference, bins);
        double[] cuts = new double[bins - 1];
        for (int k = 1; k < bins; k++) {
            cuts[k - 1] = sorted[(int) (((long) k * sorted.length + bins - 1) / bins) - 1];
        }
        return new SampleBins(distinct(cuts));
    }

    /// Cuts at the quantiles k/B of Hyndman and Fan's type 7 (linear between order statistics, as NumPy's
    /// default).
    public static SampleBins type7(double[] reference, int bins) {
        double[] sorted = sorted(reference, bins);
        double[] cuts = new double[bins - 1];
        for (int k = 1; k < bins; k++) {
            double at = (sorted.length - 1) * ((double) k / bins);
            int low = (int) at;
            double t = at - low;
            double a = sorted[low];
            double b = sorted[Math.min(low + 1, sorted.length - 1)];
            cuts[k - 1] = t == 0 || a == b ? a : t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
        }
        return new SampleBins(distinct(cuts));
    }

    @Override
    public double[] cuts() {
        return cuts.clone();
    }

    public int bins() {
        return cuts.length + 1;
    }

    /// NaN is refused: missing values are no observations, count them apart.
    public int bin(double value) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("SampleBins: NaN is in no bin; count missing values apart.");
        }
        int at = Arrays.binarySearch(cuts, value + 0.0);
        return at >= 0 ? at : -at - 1;
    }

    public long[] counts(double... sample) {
        long[] counts = new long[bins()];
        for (double value : sample) {
            counts[bin(value)]++;
        }
        return counts;
    }

    private static double[] sorted(double[] reference, int bins) {
        if (bins < 2 || bins > MOST_BINS || reference.length == 0) {
            throw new IllegalArgumentException("SampleBins: " + bins + " bins from " + reference.length
                    + " observations; at least 2 bins (default 10), at most 2^20, and 1 observation are needed.");
        }
        return Samples.sorted("SampleBins: reference", reference);
    }

    private static double[] distinct(double[] ascending) {
        return Arrays.stream(ascending).distinct().toArray();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SampleBins that && Arrays.equals(cuts, that.cuts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cuts);
    }

    @Override
    public String toString() {
        return "SampleBins" + Arrays.toString(cuts);
    }
}
