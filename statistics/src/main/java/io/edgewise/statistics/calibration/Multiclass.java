// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

/// Probabilities of several classes against labels: scores of the whole distribution, and the
/// confidence of the top class against its correctness for calibration figures.
///
/// The top class is the first of the largest probability. Rows must have one finite probability in [0,
/// 1] per class and sum to 1 within 1e-3 (rounded outputs); they are not normalised. Figures are NaN
/// without rows.
///
/// @param confidence of the top class, per row
/// @param correct whether the top class is the label, per row
/// @param brier mean over rows of the sum over classes of (probability - one-hot)²: 0 to 2
/// @param logLoss mean of -ln(probability of the label), clipped to [2^-52, 1 - 2^-52] as scikit-learn
///     does for matrices
@SuppressWarnings("ArrayRecordComponent") // made within, copied on the way out
public record Multiclass(double[] confidence, boolean[] correct, double brier, double logLoss) {
    private static final double CLIP = 0x1p-52;
    private static final double ROUNDING = 1e-3;

    public Multiclass {
        Scores.requireSample("Multiclass", confidence, correct);
        confidence = confidence.clone();
        correct = correct.clone();
    }

    public static Multiclass of(double[][] probabilities, int[] labels) {
        if (probabilities.length != labels.length) {
            throw new IllegalArgumentException("Multiclass: " + probabilities.length + " rows but " + labels.length
                    + " labels; give one label for each row.");
        }
        double[] confidence = new double[labels.length];
        boolean[] correct = new boolean[labels.length];
        double squares = 0;
        double loss = 0;
        for (int i = 0; i < labels.length; i++) {
            double[] row = probabilities[i];
            requireRow(i, row, labels[i]);
            int top = 0;
            for (int k = 0; k < row.length; k++) {
                double apart = row[k] - (k == labels[i] ? 1 : 0);
                squares += apart * apart;
                top = row[k] > row[top] ? k : top;
            }
            confidence[i] = row[top];
            correct[i] = top == labels[i];
            loss -= StrictMath.log(Math.clamp(row[labels[i]], CLIP, 1 - CLIP));
        }
        return new Multiclass(confidence, correct, squares / labels.length, loss / labels.length);
    }

    @Override
    public double[] confidence() {
        return confidence.clone();
    }

    @Override
    public boolean[] correct() {
        return correct.clone();
    }

    /// Share of answers whose most probable class is the label.
    public double accuracy() {
        return equalWidth(1).accuracy();
    }

    /// Top-label calibration in bins of equal width.
    public CalibrationBins equalWidth(int bins) {
        return CalibrationBins.equalWidth(confidence, correct, bins);
    }

    /// Top-label calibration in bins of equal mass.
    public CalibrationBins equalMass(int bins) {
        return CalibrationBins.equalMass(confidence, correct, bins);
    }

    private static void requireRow(int i, double[] row, int label) {
        if (label < 0 || label >= row.length) {
            throw new IllegalArgumentException("Multiclass: label " + label + " of row " + i + " is none of the "
                    + row.length + " classes; labels count from 0.");
        }
        double sum = 0;
        for (double p : row) {
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException(
                        "Multiclass: row " + i + " holds " + p + "; probabilities must lie in [0, 1].");
            }
            sum += p;
        }
        if (!(Math.abs(sum - 1) <= ROUNDING)) {
            throw new IllegalArgumentException(
                    "Multiclass: row " + i + " sums to " + sum + ", not to 1; give probabilities, not scores.");
        }
    }
}
