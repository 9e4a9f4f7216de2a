// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.Proportion;

/// One bin of a reliability diagram.
///
/// @param bin its number among all bins, empty ones included
/// @param meanConfidence where the point stands
/// @param accuracy share of correct answers
/// @param low lower end of [Proportion#wilson] for the share of correct answers
/// @param high upper end
public record DiagramPoint(int bin, long n, double meanConfidence, double accuracy, double low, double high) {
    static DiagramPoint of(int bin, long n, long correct, double meanConfidence, double level) {
        Proportion right = new Proportion(correct, n);
        Interval wilson = right.wilson(1 - level);
        return new DiagramPoint(bin, n, meanConfidence, right.share(), wilson.low(), wilson.high());
    }

    /// Positive where the model is too sure.
    public double gap() {
        return meanConfidence - accuracy;
    }
}
