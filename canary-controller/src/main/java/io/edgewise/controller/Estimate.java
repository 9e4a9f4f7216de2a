// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.sequential.ConfidenceSequence;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;

/// A mean with an interval that holds at every look at once, 95 %.
public record Estimate(double value, double low, double high) {
    private static final double ALPHA = 0.05;
    private static final int HALVINGS = 18;

    /// Of a share.
    static Estimate ofShare(Values values) {
        long events = Math.round(values.mean() * values.n());
        ConfidenceSequence.Interval interval = ConfidenceSequence.bernoulli(events, values.n(), ALPHA);
        return new Estimate(values.mean(), interval.low(), interval.high());
    }

    /// Of values in [low, high]: all means that the bets against them do not refute.
    static Estimate ofMean(Values values, double low, double high) {
        double mean = values.mean();
        return new Estimate(
                mean,
                bound(values, Side.ABOVE, low, high, mean, low),
                bound(values, Side.BELOW, low, high, mean, high));
    }

    private static double bound(Values values, Side side, double low, double high, double mean, double end) {
        double threshold = StrictMath.log(2 / ALPHA);
        double refuted = end;
        double possible = mean;
        for (int i = 0; i < HALVINGS && refuted != possible; i++) {
            double middle = (refuted + possible) / 2;
            if (new MeanTest(Purpose.SAFE, side, middle, low, high).logE(values) >= threshold) {
                refuted = middle;
            } else {
                possible = middle;
            }
        }
        return refuted;
    }

    /// 1 minus it.
    Estimate complement() {
        return new Estimate(1 - value, 1 - high, 1 - low);
    }

    boolean isFinite() {
        return Double.isFinite(value) && Double.isFinite(low) && Double.isFinite(high);
    }
}
