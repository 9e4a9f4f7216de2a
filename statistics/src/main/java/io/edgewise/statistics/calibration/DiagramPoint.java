// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

/// One bin of a reliability diagram.
///
/// @param bin its number among all bins, empty ones included
/// @param meanConfidence where the point stands
/// @param accuracy share of correct answers
/// @param low lower end of Wilson's (1927) score interval for the share of correct answers
/// @param high upper end
public record DiagramPoint(int bin, long n, double meanConfidence, double accuracy, double low, double high) {
    static DiagramPoint of(int bin, long n, long correct, double meanConfidence, double level) {
        double z = Normal.twoSided(level);
        double share = (double) correct / n;
        double scale = 1 + z * z / n;
        double centre = (share + z * z / (2.0 * n)) / scale;
        double half = z * StrictMath.sqrt(share * (1 - share) / n + z * z / (4.0 * n * n)) / scale;
        double low = correct == 0 ? 0 : Math.max(0, centre - half);
        double high = correct == n ? 1 : Math.min(1, centre + half);
        return new DiagramPoint(bin, n, meanConfidence, share, low, high);
    }

    /// Positive where the model is too sure.
    public double gap() {
        return meanConfidence - accuracy;
    }
}
