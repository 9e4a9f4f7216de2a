// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import io.edgewise.statistics.calibration.Reliability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// The calibration error that a perfectly calibrated model shows by chance.
final class EceFloor {
    private static final long SEED = 3;
    private static final int RUNS = 400;
    private static final int[] LABELS = {100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000};

    private final List<Point> mean = new ArrayList<>();
    private final List<Point> most = new ArrayList<>();
    private final List<Point> closedForm = new ArrayList<>();

    private EceFloor(ToDoubleFunction<SplittableRandom> confidences) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int labels : LABELS) {
            double[] errors = new double[RUNS];
            for (int run = 0; run < RUNS; run++) {
                BinSums sums = new BinSums();
                for (int i = 0; i < labels; i++) {
                    double confidence = confidences.applyAsDouble(random);
                    sums.add(confidence, random.nextDouble() < confidence);
                }
                Reliability counted = sums.counted();
                errors[run] = counted.ece();
                if (run == 0) {
                    closedForm.add(new Point(labels, floor(counted)));
                }
            }
            Arrays.sort(errors);
            mean.add(new Point(labels, Arrays.stream(errors).sum() / RUNS));
            most.add(new Point(labels, errors[RUNS * 95 / 100 - 1]));
        }
    }

    private static double floor(Reliability counted) {
        return counted.bins().nullQuantile(0.95);
    }

    static String svg(Path root) {
        double[] shipped = Predictions.of(root, "edge-intent-int4").confidence();
        EceFloor spread = new EceFloor(random -> 0.5 + random.nextDouble() / 2);
        EceFloor real = new EceFloor(random -> shipped[random.nextInt(shipped.length)]);
        int height = 440;
        Svg svg = new Svg(
                height,
                "The calibration error of a perfect model is not 0",
                "Simulated: answers are right exactly as often as the confidence says; 15 bins, " + RUNS
                        + " runs each.");
        Panel panel = Panel.whole(
                svg,
                height,
                1,
                Axis.logarithmic(
                        "labelled answers",
                        100,
                        8_000,
                        new Tick(100, "100"),
                        new Tick(200, "200"),
                        new Tick(500, "500"),
                        new Tick(1_000, "1,000"),
                        new Tick(2_000, "2,000"),
                        new Tick(5_000, "5,000")),
                Axis.plain("ECE shown", 0, 0.14, new Tick(0, "0 %"), new Tick(0.05, "5 %"), new Tick(0.1, "10 %")));
        panel.level(0.05, "limit");
        panel.label(7_900, 0.05, "gate: ECE below 5 %", "muted end");
        panel.band(spread.mean, spread.most, "s2 soft");
        panel.line(spread.mean, "l2");
        panel.line(spread.most, "l2 dash");
        panel.band(real.mean, real.most, "s1 soft");
        panel.line(real.mean, "l1");
        panel.line(real.most, "l1 dash");
        spread.closedForm.forEach(point -> panel.dot(point, 3.5, "s2"));
        real.closedForm.forEach(point -> panel.dot(point, 3.5, "s1"));
        panel.label(330, 0.0965, "confidences spread evenly from 50 % to 100 %", "t2");
        panel.label(330, 0.088, "line: mean of the runs; dashed: 95 % of them lie below", "muted");
        panel.label(330, 0.0795, "dots: the noise floor that is computed from one run's bins", "muted");
        panel.label(104, 0.006, "confidences of the shipped edge-intent-int4 on its test set", "t1");
        return svg.finished();
    }
}
