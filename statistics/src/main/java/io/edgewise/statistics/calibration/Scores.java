// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

/// Proper scores of confidences against correctness, on whole samples. NaN for an empty sample.
public final class Scores {
    /// Confidences are clipped to [1e-15, 1 - 1e-15] before a logarithm is taken, as scikit-learn long
    /// did.
    static final double CLIP = 1e-15;

    private Scores() {}

    /// Mean of (confidence - correct)² (Brier 1950).
    public static double brier(double[] confidence, boolean[] correct) {
        requireSample("Scores", confidence, correct);
        double sum = 0;
        for (int i = 0; i < confidence.length; i++) {
            double apart = confidence[i] - (correct[i] ? 1 : 0);
            sum += apart * apart;
        }
        return sum / confidence.length;
    }

    /// Mean of -ln(probability given to what happened), confidences clipped: at most 34.54 for one
    /// answer.
    public static double logLoss(double[] confidence, boolean[] correct) {
        requireSample("Scores", confidence, correct);
        double sum = 0;
        for (int i = 0; i < confidence.length; i++) {
            double clipped = Math.clamp(confidence[i], CLIP, 1 - CLIP);
            sum -= StrictMath.log(correct[i] ? clipped : 1 - clipped);
        }
        return sum / confidence.length;
    }

    static void requireSample(String who, double[] confidence, boolean[] correct) {
        if (confidence.length != correct.length) {
            throw new IllegalArgumentException(who + ": " + confidence.length + " confidences but " + correct.length
                    + " answers; give one confidence for each answer.");
        }
        for (int i = 0; i < confidence.length; i++) {
            if (!(confidence[i] >= 0 && confidence[i] <= 1)) {
                throw new IllegalArgumentException(who + ": confidence " + confidence[i] + " at " + i
                        + " must lie in [0, 1]; leave out answers without one.");
            }
        }
    }
}
