// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.statistics.calibration.Reliability;

/// A confidence in [0, 1] as whole numbers.
final class Confidence {
    private static final long NANOS = 1_000_000_000L;
    private static final int GAP_CELLS = 200;

    private Confidence() {}

    /// Validation lets 1.000001 pass for rounding's sake; it counts as 1.
    static double clip(double confidence) {
        return Math.min(confidence, 1.0);
    }

    static long nanos(double confidence) {
        return Math.round(clip(confidence) * NANOS);
    }

    /// Count, correct and sum of the confidence in the reliability bin.
    static void calibrate(String measure, double confidence, boolean correct, Delta counts) {
        int bin = Reliability.bin(clip(confidence));
        counts.add(measure, 4 * bin);
        if (correct) {
            counts.add(measure, 4 * bin + 1);
        }
        counts.add(measure, 4 * bin + 2, nanos(confidence));
    }

    static void gap(double confidence, boolean correct, Delta counts) {
        int cell = (int) Math.min(GAP_CELLS - 1, nanos(confidence) * GAP_CELLS / NANOS);
        counts.add(Measures.CALIBRATION_GAP, 2 * cell + (correct ? 1 : 0));
    }

    /// (confidence - correct) in hundredths, rounded towards zero.
    static int gapInHundredths(double confidence, boolean correct) {
        return (int) ((nanos(confidence) - (correct ? NANOS : 0)) / (NANOS / 100));
    }
}
