// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

import io.edgewise.statistics.drift.Distances;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.SampleBins;
import io.edgewise.statistics.drift.SampleDistances;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/// The rules of other tools, from their published definitions, for comparison only.
final class Others {
    private static final int DISTINCT_AS_CATEGORIES = 20;
    private static final int SMALL_REFERENCE = 1_000;
    private static final int DECILES = 10;

    private Others() {}

    static List<Detector> all() {
        return List.of(
                rule("evidently psi", (reference, window) -> evidentlyPsi(reference, window) >= 0.1),
                rule("evidently default", Others::evidentlyDefault),
                rule("scouter psi", Others::scouter),
                rule("psi above 0.1, fixed", (reference, window) -> decilePsi(reference, window, 1e-4) >= 0.1));
    }

    /// Asked of reference and window, without memory.
    private interface Rule {
        boolean alarm(Sample reference, Sample window);
    }

    private static Detector rule(String name, Rule rule) {
        return new Detector() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Watch watch(Sample reference) {
                return window -> rule.alarm(reference, window);
            }
        };
    }

    /// PSI on bins of equal width over both samples (NumPy's "sturges"), where the reference has more than 20
    /// distinct values, else on values. An empty share becomes 1e-4, or a millionth of the smallest where that is
    /// 1e-4 or less.
    static double evidentlyPsi(Sample reference, Sample window) {
        double[][] shares = evidentlyShares(reference, window);
        double[] p = filled(shares[0]);
        double[] q = filled(shares[1]);
        double psi = 0;
        for (int i = 0; i < p.length; i++) {
            psi += (p[i] - q[i]) * StrictMath.log(p[i] / q[i]);
        }
        return psi;
    }

    /// What it asks without being told: up to 1,000 reference rows a p-value of 0.05 (Kolmogorov-Smirnov, χ²),
    /// above a distance of 0.1 (Wasserstein by the reference's standard deviation, Jensen-Shannon in nats).
    static boolean evidentlyDefault(Sample reference, Sample window) {
        boolean small = reference.size() <= SMALL_REFERENCE;
        if (reference.categorical()) {
            double[][] shares = evidentlyShares(reference, window);
            if (small) {
                // Goodness of fit, as if the reference's shares were the true ones.
                double statistic = 0;
                int held = 0;
                for (int i = 0; i < shares[0].length; i++) {
                    double expected = shares[0][i] * window.size();
                    if (expected > 0) {
                        double gap = shares[1][i] * window.size() - expected;
                        statistic += gap * gap / expected;
                        held++;
                    }
                }
                return held > 1
                        && 1 - new ChiSquaredDistribution(null, held - 1).cumulativeProbability(statistic) <= 0.05;
            }
            return Distances.jensenShannonDistanceNats(shares[0], shares[1]) >= 0.1;
        }
        return small
                ? KolmogorovSmirnov.of(reference.values(), window.values()).p() <= 0.05
                : SampleDistances.of(reference.values(), window.values()).normalised() >= 0.1;
    }

    /// Deciles of the reference, 1e-10 added to both shares, alarm above the 95 % point of χ² divided by the window's
    /// size: as if the reference had no noise.
    static boolean scouter(Sample reference, Sample window) {
        long[][] counts = reference.categorical() ? categories(reference, window) : deciles(reference, window);
        int bins = counts[0].length;
        double limit = bins < 2
                ? Double.POSITIVE_INFINITY
                : new ChiSquaredDistribution(null, bins - 1).inverseCumulativeProbability(0.95) / window.size();
        return psi(counts, reference.size(), window.size(), 1e-10, true) > limit;
    }

    /// The textbook's: deciles, shares of at least a floor.
    static double decilePsi(Sample reference, Sample window, double floor) {
        long[][] counts = reference.categorical() ? categories(reference, window) : deciles(reference, window);
        return psi(counts, reference.size(), window.size(), floor, false);
    }

    private static double psi(long[][] counts, double n, double m, double small, boolean added) {
        double psi = 0;
        for (int i = 0; i < counts[0].length; i++) {
            double p = added ? counts[0][i] / n + small : Math.max(counts[0][i] / n, small);
            double q = added ? counts[1][i] / m + small : Math.max(counts[1][i] / m, small);
            psi += (p - q) * StrictMath.log(p / q);
        }
        return psi;
    }

    private static long[][] deciles(Sample reference, Sample window) {
        SampleBins bins = SampleBins.type7(reference.values(), DECILES);
        return new long[][] {bins.counts(reference.values()), bins.counts(window.values())};
    }

    private static long[][] categories(Sample reference, Sample window) {
        double[] keys = Arrays.stream(both(reference, window)).distinct().toArray();
        return new long[][] {count(keys, reference.values()), count(keys, window.values())};
    }

    private static long[] count(double[] keys, double[] values) {
        long[] counts = new long[keys.length];
        for (double value : values) {
            counts[Arrays.binarySearch(keys, value)]++;
        }
        return counts;
    }

    private static double[] both(Sample reference, Sample window) {
        double[] both = Arrays.copyOf(reference.values(), reference.size() + window.size());
        System.arraycopy(window.values(), 0, both, reference.size(), window.size());
        Arrays.sort(both);
        return both;
    }

    static double[][] evidentlyShares(Sample reference, Sample window) {
        long distinct = Arrays.stream(reference.values()).distinct().count();
        long[][] counts = reference.categorical() || distinct <= DISTINCT_AS_CATEGORIES
                ? categories(reference, window)
                : equalWidth(reference, window);
        return new double[][] {shares(counts[0], reference.size()), shares(counts[1], window.size())};
    }

    private static long[][] equalWidth(Sample reference, Sample window) {
        double[] sorted = both(reference, window);
        double low = sorted[0];
        double high = sorted[sorted.length - 1];
        double width = (high - low) / (StrictMath.log(sorted.length) / StrictMath.log(2) + 1);
        if (width < 1 && Arrays.stream(sorted).allMatch(value -> value == StrictMath.rint(value))) {
            width = 1;
        }
        int bins = width > 0 ? Math.max(1, (int) StrictMath.ceil((high - low) / width - 1e-9)) : 1;
        return new long[][] {histogram(reference.values(), low, high, bins), histogram(window.values(), low, high, bins)
        };
    }

    private static long[] histogram(double[] values, double low, double high, int bins) {
        long[] counts = new long[bins];
        for (double value : values) {
            int bin = high > low ? (int) ((value - low) / (high - low) * bins) : 0;
            counts[Math.clamp(bin, 0, bins - 1)]++;
        }
        return counts;
    }

    private static double[] shares(long[] counts, double n) {
        return Arrays.stream(counts).mapToDouble(count -> count / n).toArray();
    }

    private static double[] filled(double[] shares) {
        double smallest = Arrays.stream(shares).filter(share -> share > 0).min().orElse(1);
        double instead = smallest <= 1e-4 ? smallest / 1e6 : 1e-4;
        return Arrays.stream(shares).map(share -> share == 0 ? instead : share).toArray();
    }
}
