// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

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

    /// Bucket of the measure CALIBRATION_GAP.
    static int gapBucket(double confidence, boolean correct) {
        int cell = (int) Math.min(GAP_CELLS - 1, nanos(confidence) * GAP_CELLS / NANOS);
        return 2 * cell + (correct ? 1 : 0);
    }

    /// (confidence - correct) in hundredths, rounded towards zero.
    static int gapInHundredths(double confidence, boolean correct) {
        return (int) ((nanos(confidence) - (correct ? NANOS : 0)) / (NANOS / 100));
    }
}
