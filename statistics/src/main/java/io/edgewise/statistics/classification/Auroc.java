// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import io.edgewise.statistics.sample.MannWhitney;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// How well a score ranks positives (correct answers) above negatives.
///
/// AUROC = U / (positives · negatives), the probability that a positive scores higher, ties counting
/// one half (Mann and Whitney 1947). NaN, without points, where one class is missing. Infinite scores
/// rank; NaN is refused.
///
/// @param u Mann-Whitney's U of the positives
/// @param pValue two-sided, asymptotic, tie-corrected, with continuity correction, against "both rank
///     alike"; 1 where all scores tie
/// @param averagePrecision Σ (recall step) · precision over distinct scores, from the highest; not
///     interpolated
/// @param points the ROC curve from (0, 0) to (1, 1): one point for each distinct score, highest first,
///     behind the first at threshold +∞ where nothing is called positive
public record Auroc(double value, double u, double pValue, double averagePrecision, List<Point> points) {
    /// Scores of at least the threshold are called positive.
    public record Point(double threshold, double falsePositiveRate, double truePositiveRate) {}

    public Auroc {
        points = List.copyOf(points);
    }

    /// One score and one class for each answer.
    public static Auroc of(double[] score, boolean[] positive) {
        requireSample(score, positive);
        double[] up = select(score, positive, true);
        double[] down = select(score, positive, false);
        if (up.length == 0 || down.length == 0) {
            return new Auroc(Double.NaN, Double.NaN, Double.NaN, Double.NaN, List.of());
        }
        List<Point> points = points(up, down);
        MannWhitney test = MannWhitney.of(up, down);
        return new Auroc(
                test.effect(), test.u(), test.pAsymptotic(), averagePrecision(points, up.length, down.length), points);
    }

    private static List<Point> points(double[] up, double[] down) {
        List<Point> points = new ArrayList<>();
        points.add(new Point(Double.POSITIVE_INFINITY, 0, 0));
        int i = up.length;
        int j = down.length;
        while (i > 0 || j > 0) {
            double here = i == 0 ? down[j - 1] : j == 0 ? up[i - 1] : Math.max(up[i - 1], down[j - 1]);
            while (i > 0 && up[i - 1] == here) {
                i--;
            }
            while (j > 0 && down[j - 1] == here) {
                j--;
            }
            points.add(new Point(here, (double) (down.length - j) / down.length, (double) (up.length - i) / up.length));
        }
        return points;
    }

    private static double averagePrecision(List<Point> points, double positives, double negatives) {
        double sum = 0;
        double before = 0;
        for (Point point : points.subList(1, points.size())) {
            double up = point.truePositiveRate() * positives;
            double down = point.falsePositiveRate() * negatives;
            sum += (point.truePositiveRate() - before) * up / (up + down);
            before = point.truePositiveRate();
        }
        return sum;
    }

    private static double[] select(double[] score, boolean[] positive, boolean wanted) {
        return IntStream.range(0, score.length)
                .filter(i -> positive[i] == wanted)
                .mapToDouble(i -> score[i] + 0.0)
                .sorted()
                .toArray();
    }

    private static void requireSample(double[] score, boolean[] positive) {
        if (score.length != positive.length) {
            throw new IllegalArgumentException("Auroc: " + score.length + " scores but " + positive.length
                    + " classes; give one class for each score.");
        }
        if (Arrays.stream(score).anyMatch(Double::isNaN)) {
            throw new IllegalArgumentException("Auroc: a score is NaN and has no rank; leave out what has no score.");
        }
    }
}
