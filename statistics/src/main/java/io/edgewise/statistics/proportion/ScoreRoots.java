// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import java.util.function.DoubleUnaryOperator;

/// The differences in [-1, 1] whose score is within z, by bisection. The score falls and is 0 at the observed one.
final class ScoreRoots {
    private static final int MOST_STEPS = 200;

    private ScoreRoots() {}

    static Interval between(DoubleUnaryOperator score, double observed, double z) {
        return new Interval(root(score, -1, observed, z), root(score, observed, 1, -z));
    }

    private static double root(DoubleUnaryOperator score, double low, double high, double z) {
        double left = low;
        double right = high;
        for (int i = 0; i < MOST_STEPS && left < right; i++) {
            double middle = left + (right - left) / 2;
            if (middle <= left || middle >= right) {
                break;
            }
            if (score.applyAsDouble(middle) > z) {
                left = middle;
            } else {
                right = middle;
            }
        }
        return z > 0 ? left : right;
    }
}
