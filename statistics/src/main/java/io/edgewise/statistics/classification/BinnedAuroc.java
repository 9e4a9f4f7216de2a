// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

/// AUROC from counts on cells in order of score, with what binning leaves open.
///
/// Pairs within a cell are ties of unknown order: `low` counts them as lost, `high` as won, `value` as
/// one half. The exact AUROC of the same answers lies in [low, high], wherever ties are counted as one
/// half. NaN where one class is missing.
public record BinnedAuroc(double low, double value, double high) {
    /// @param positives per cell, lowest scores first
    /// @param negatives per cell, on the same cells
    public static BinnedAuroc of(long[] positives, long[] negatives) {
        if (positives.length != negatives.length) {
            throw new IllegalArgumentException("BinnedAuroc: " + positives.length + " cells of positives but "
                    + negatives.length + " of negatives; count both on the same cells.");
        }
        double won = 0;
        double tied = 0;
        double up = 0;
        double down = 0;
        for (int i = 0; i < positives.length; i++) {
            if (positives[i] < 0 || negatives[i] < 0) {
                throw new IllegalArgumentException("BinnedAuroc: cell " + i + " counts " + positives[i] + " and "
                        + negatives[i] + "; counts cannot be negative.");
            }
            won += positives[i] * down;
            tied += (double) positives[i] * negatives[i];
            up += positives[i];
            down += negatives[i];
        }
        double pairs = up * down;
        return pairs > 0
                ? new BinnedAuroc(won / pairs, (won + tied / 2) / pairs, (won + tied) / pairs)
                : new BinnedAuroc(Double.NaN, Double.NaN, Double.NaN);
    }
}
