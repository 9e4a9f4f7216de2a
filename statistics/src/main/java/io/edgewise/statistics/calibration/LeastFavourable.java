// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import java.util.stream.IntStream;

/// How small the plug-in ECE of a model with a given true ECE can come out by chance.
///
/// The gap of bin b is about |u_b + s_b Z| with Σ w_b |u_b| = the true ECE and s_b² = v_b/n_b, v_b about
/// p_b(1 - p_b): the largest variance that confidence - correct can have in the bin ([BinSpread]).
/// The plug-in value is smallest for gaps spread over the bins: its mean is least where u is
/// proportional to s, as E|u + s Z| is convex in u. Its lower quantile (normal, from the exact mean and
/// variance of the folded law, and the variance (Σ w u² - ECE²)/n of how many answers each bin got) is
/// the least over gaps that are even, proportional to s, and proportional to p(1-p), towards and away
/// from p = 1/2, with the full spread and, for answers that are more alike within a bin, with
/// 3/4, 1/2 and 1/4 of it. It is never above the true ECE itself. Nothing here depends on the labels.
final class LeastFavourable {
    private static final double[] SPREADS = {1, 0.75, 0.5, 0.25};

    private final double[] weight;
    private final double[] rarer;
    private final BinSpread[] spread;
    private final double[] n;
    private final double total;

    private LeastFavourable(double[] weight, double[] rarer, BinSpread[] spread, double[] n, double total) {
        this.weight = weight;
        this.rarer = rarer;
        this.spread = spread;
        this.n = n;
        this.total = total;
    }

    /// @param bins at least one answer
    /// @param scale how many times as many answers in each bin
    static LeastFavourable of(CalibrationBins bins, double scale) {
        long[] counts = bins.n();
        double[] sums = bins.confidenceSum();
        double total = bins.total();
        int[] held =
                IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
        double[] weight = new double[held.length];
        double[] rarer = new double[held.length];
        BinSpread[] spread = new BinSpread[held.length];
        double[] n = new double[held.length];
        for (int i = 0; i < held.length; i++) {
            long count = counts[held[i]];
            double confidence = Math.min(1, sums[held[i]] / count);
            weight[i] = count / total;
            rarer[i] = Math.min(confidence, 1 - confidence);
            spread[i] = BinSpread.of(held[i], counts.length, confidence);
            n[i] = count * scale;
        }
        return new LeastFavourable(weight, rarer, spread, n, total * scale);
    }

    /// A plug-in ECE that a model with this true ECE undercuts with probability at most about alpha,
    /// P(Z > z) = alpha.
    double quantile(double ece, double z) {
        double least = ece;
        for (int shape = 0; shape <= 2; shape++) {
            double[] gaps = gaps(ece, shape);
            for (double part : SPREADS) {
                least = Math.min(least, lower(gaps, 1, part, z));
                least = Math.min(least, lower(gaps, -1, part, z));
            }
        }
        return least;
    }

    /// A plug-in ECE that a model with even gaps of this size stays below with P(Z <= z).
    double upperEven(double ece, double z) {
        return lower(gaps(ece, 0), 1, 1, -z);
    }

    /// Gaps of this ECE: even, proportional to s, or proportional to p(1-p).
    private double[] gaps(double ece, int shape) {
        double[] gaps = new double[weight.length];
        double sum = 0;
        for (int i = 0; i < gaps.length; i++) {
            double variance = spread[i].variance(rarer[i] + ece);
            gaps[i] = switch (shape) {
                case 0 -> 1;
                case 1 -> StrictMath.sqrt(variance / n[i]);
                default -> variance;
            };
            sum += weight[i] * gaps[i];
        }
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = sum > 0 ? gaps[i] * ece / sum : 0;
        }
        return gaps;
    }

    private double lower(double[] gaps, int direction, double part, double z) {
        double mean = 0;
        double variance = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < gaps.length; i++) {
            sum += weight[i] * gaps[i];
            squares += weight[i] * gaps[i] * gaps[i];
            double s2 = part * part * spread[i].variance(rarer[i] + direction * gaps[i]) / n[i];
            double folded = Normal.foldedMean(gaps[i], StrictMath.sqrt(s2));
            mean += weight[i] * folded;
            variance += weight[i] * weight[i] * Math.max(0, s2 + gaps[i] * gaps[i] - folded * folded);
        }
        return mean - z * StrictMath.sqrt(variance + Math.max(0, squares - sum * sum) / total);
    }
}
