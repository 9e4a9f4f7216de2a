// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.sequential.ConfidenceSequence;
import java.nio.file.Path;

/// What two shipped builds said about themselves, and how often they were right.
final class ReliabilityDiagrams {
    private ReliabilityDiagrams() {}

    static String svg(Path root) {
        Svg svg = new Svg(
                490,
                "Confidence against correctness of two shipped builds",
                "Measured on the 4,500 in-scope test utterances of CLINC150. Dot: a bin, its area grows with its answers;",
                "bar: 95 % confidence sequence of the share right. On the diagonal a model is as sure as it is right.");
        panel(svg, 78, "edge-intent-int4", Reliabilities.of(root, "edge-intent-int4"), 1);
        panel(svg, 450, "edge-intent-bad-scales", Reliabilities.of(root, "edge-intent-bad-scales"), 2);
        return svg.finished();
    }

    private static void panel(Svg svg, double left, String name, Reliability counted, int colour) {
        Panel panel =
                new Panel(svg, new Point(left, 136), new Point(285, 285), share("confidence"), share("share right"));
        panel.svg().text(new Point(left, 106), name, "t" + colour);
        panel.svg()
                .text(
                        new Point(left, 124),
                        "ECE " + Words.percent(counted.ece()) + ", noise floor " + Words.percent(floor(counted))
                                + ", accuracy " + Words.percent(counted.accuracy()),
                        "muted");
        svg.line(panel.at(0, 0), panel.at(1, 1), "limit");
        long[] n = counted.n();
        long[] correct = counted.correct();
        double[] sums = counted.confidenceSum();
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            if (n[bin] > 0) {
                double confidence = sums[bin] / n[bin];
                ConfidenceSequence.Interval interval = ConfidenceSequence.bernoulli(correct[bin], n[bin], 0.05);
                svg.line(panel.at(confidence, interval.low()), panel.at(confidence, interval.high()), "l" + colour);
                double radius = 3 + 9 * StrictMath.sqrt((double) n[bin] / counted.total());
                panel.dot(new Point(confidence, (double) correct[bin] / n[bin]), radius, "s" + colour);
            }
        }
    }

    private static double floor(Reliability counted) {
        return counted.bins().nullQuantile(0.95);
    }

    private static Axis share(String title) {
        return Axis.plain(
                title,
                0,
                1,
                new Tick(0, "0"),
                new Tick(0.2, "20 %"),
                new Tick(0.4, "40 %"),
                new Tick(0.6, "60 %"),
                new Tick(0.8, "80 %"),
                new Tick(1, "100 %"));
    }

    /// Counts of a shipped model's answers.
    private static final class Reliabilities {
        static Reliability of(Path root, String model) {
            Predictions predictions = Predictions.of(root, model);
            BinSums sums = new BinSums();
            for (int i = 0; i < predictions.confidence().length; i++) {
                sums.add(predictions.confidence()[i], predictions.correct()[i]);
            }
            return sums.counted();
        }
    }
}
