// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.distribution.BinomialDistribution;

/// Simulated models: how confident they are, and how often they are right at a confidence.
final class Models {
    /// The law of confidences.
    enum Confidences {
        /// Uniform on (0.5, 1].
        SPREAD,
        /// 85 % above 0.99, the rest uniform on (0.3, 1]: an image classifier.
        SHARP,
        /// Uniform on (0.5, 0.53]: all in one bin.
        NARROW,
        /// Uniform on (0, 1].
        FULL,
        /// Powers of a uniform: 70 % above 0.9, thinning out downwards.
        NETWORK;

        double draw(SplittableRandom random) {
            double u = 1 - random.nextDouble();
            return switch (this) {
                case SPREAD -> 0.5 + u / 2;
                case SHARP -> random.nextDouble() < 0.85 ? 1 - 0.01 * u * u : 0.3 + 0.7 * u;
                case NARROW -> 0.5 + 0.03 * u;
                case FULL -> u;
                case NETWORK -> 1 - 0.6 * u * u * u * u;
            };
        }
    }

    /// How the share of right answers departs from the confidence.
    enum Shape {
        TOO_SURE,
        TOO_UNSURE,
        /// Too sure in even bins, too unsure in odd ones.
        ALTERNATING,
        /// Too sure, in proportion to p(1 - p).
        MIDDLE,
        /// Only answers above 0.9.
        TOP,
        /// Only answers up to 0.8.
        BOTTOM;

        double gap(double confidence) {
            int bin = CalibrationBins.bin(confidence, 15);
            return switch (this) {
                case TOO_SURE -> 1;
                case TOO_UNSURE -> -1;
                case ALTERNATING -> bin % 2 == 0 ? 1 : -1;
                case MIDDLE -> confidence * (1 - confidence);
                case TOP -> bin == 14 ? 1 : 0;
                case BOTTOM -> confidence <= 0.8 ? 1 : 0;
            };
        }
    }

    private static final List<Confidences> ALL = List.of(Confidences.values());

    private Models() {}

    /// One after the other.
    static Confidences of(long seed) {
        return ALL.get((int) (seed % ALL.size()));
    }

    /// The share of right answers at each confidence such that the true ECE on 15 bins is this one; NaN where this
    /// shape cannot have so large an ECE.
    static DoubleUnaryOperator accuracy(Confidences confidences, Shape shape, double ece) {
        double low = 0;
        double high = 64;
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            if (trueEce(confidences, scaled(shape, middle)) < ece) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double factor = high;
        if (Math.abs(trueEce(confidences, scaled(shape, factor)) - ece) > 1e-3) {
            return c -> Double.NaN;
        }
        return scaled(shape, factor);
    }

    private static DoubleUnaryOperator scaled(Shape shape, double factor) {
        return c -> Math.clamp(c - factor * shape.gap(c), 0, 1);
    }

    static double trueEce(Confidences confidences, DoubleUnaryOperator accuracy) {
        SplittableRandom random = new SplittableRandom(99);
        double[] gap = new double[15];
        int n = 40_000;
        for (int i = 0; i < n; i++) {
            double c = confidences.draw(random);
            gap[CalibrationBins.bin(c, 15)] += c - accuracy.applyAsDouble(c);
        }
        double sum = 0;
        for (double one : gap) {
            sum += Math.abs(one);
        }
        return sum / n;
    }

    static CalibrationBins draw(SplittableRandom random, Confidences confidences, DoubleUnaryOperator accuracy, int n) {
        long[] counts = new long[15];
        long[] right = new long[15];
        double[] sums = new double[15];
        for (int i = 0; i < n; i++) {
            double c = confidences.draw(random);
            int bin = CalibrationBins.bin(c, 15);
            counts[bin]++;
            right[bin] += random.nextDouble() < accuracy.applyAsDouble(c) ? 1 : 0;
            sums[bin] += c;
        }
        return new CalibrationBins(counts, right, sums);
    }

    /// The most hits that a rate gives in 99 of 100 such series of runs.
    static int most(int runs, double rate) {
        return new BinomialDistribution(null, runs, rate).inverseCumulativeProbability(0.99);
    }

    /// The fewest.
    static int fewest(int runs, double rate) {
        return new BinomialDistribution(null, runs, rate).inverseCumulativeProbability(0.01);
    }
}
