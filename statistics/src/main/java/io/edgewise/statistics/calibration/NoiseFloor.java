// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

/// The law of the plug-in ECE of a perfectly calibrated model, by its first three moments.
final class NoiseFloor {
    /// From this binomial variance on, the half-normal law serves.
    private static final double LARGE_VARIANCE = 25;

    private static final double MEAN = Normal.MEAN_OF_HALF;
    private static final double VARIANCE = 1 - MEAN * MEAN;
    private static final double THIRD = MEAN * (2 * MEAN * MEAN - 1);

    private NoiseFloor() {}

    static double quantile(CalibrationBins all, double probability) {
        double z = Normal.quantile(probability);
        CalibrationBins bins = all.held();
        long[] n = bins.n();
        double[] sums = bins.confidenceSum();
        double mean = 0;
        double variance = 0;
        double third = 0;
        double most = 0;
        for (int i = 0; i < n.length; i++) {
            double[] moments = moments(n[i], Math.min(sums[i], (double) n[i]));
            mean += moments[0];
            variance += moments[1];
            third += moments[2];
            most += Math.max(sums[i], n[i] - sums[i]);
        }
        double spread = StrictMath.sqrt(variance);
        double skew = variance > 0 ? third / (variance * spread) : 0;
        double apart = mean + spread * (z + (z * z - 1) * skew / 6);
        return Math.clamp(apart, 0, Math.max(most, 0)) / all.total();
    }

    /// Mean, variance and third central moment of |sum - K|, K binomial of mean sum.
    private static double[] moments(long n, double sum) {
        boolean fewWrong = sum > n - sum;
        double few = fewWrong ? n - sum : sum;
        double share = few / n;
        double variance = few * (1 - share);
        if (variance >= LARGE_VARIANCE) {
            double spread = StrictMath.sqrt(variance);
            return new double[] {MEAN * spread, VARIANCE * variance, THIRD * variance * spread};
        }
        return exact(n, few, share);
    }

    /// The same by the binomial law of the rarer outcome, term by term.
    private static double[] exact(long n, double few, double share) {
        long last = Math.min(n, (long) (few + 12 * StrictMath.sqrt(few) + 20));
        double probability = StrictMath.exp(n * StrictMath.log1p(-share));
        double first = 0;
        double second = 0;
        double third = 0;
        for (long k = 0; k <= last; k++) {
            double apart = Math.abs(few - k);
            first += probability * apart;
            second += probability * apart * apart;
            third += probability * apart * apart * apart;
            probability *= (double) (n - k) / (k + 1) * share / (1 - share);
        }
        double variance = Math.max(0, second - first * first);
        return new double[] {first, variance, third - 3 * first * second + 2 * first * first * first};
    }
}
