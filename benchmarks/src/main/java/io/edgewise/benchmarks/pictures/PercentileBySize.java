// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What is known of p99 after so many requests, and from when on a number is shown at all.
final class PercentileBySize {
    private static final long SEED = 6;
    private static final int STREAMS = 300;
    private static final int[] SIZES = {
        20, 30, 50, 70, 99, 100, 200, 300, 400, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 7_000, 10_000
    };
    private static final double MEDIAN = 60;
    private static final double SIGMA = 0.6;
    private static final double Z99 = 2.3263478740408408;

    private final double[][] estimates = new double[SIZES.length][STREAMS];
    private final double[][] bounds = new double[SIZES.length][STREAMS];

    private PercentileBySize() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int stream = 0; stream < STREAMS; stream++) {
            long[] counts = new long[FirstCell.LAST - FirstCell.FIRST + 1];
            int n = 0;
            for (int size = 0; size < SIZES.length; size++) {
                for (; n < SIZES[size]; n++) {
                    counts[LogGrid.cell(latency(random)) - FirstCell.FIRST]++;
                }
                Cells cells = cells(counts);
                estimates[size][stream] = nearestRank(counts, n);
                bounds[size][stream] = Quantiles.upperBound(cells, 0.99, 0.95).orElse(Double.POSITIVE_INFINITY);
            }
        }
        for (int size = 0; size < SIZES.length; size++) {
            Arrays.sort(estimates[size]);
            Arrays.sort(bounds[size]);
        }
    }

    /// Cells from 1 ms to 10 s.
    private static final class FirstCell {
        static final int FIRST = LogGrid.cell(1);
        static final int LAST = LogGrid.cell(10_000);
    }

    private static double latency(SplittableRandom random) {
        double u = random.nextDouble();
        double v = random.nextDouble();
        double z = StrictMath.sqrt(-2 * StrictMath.log(1 - u)) * StrictMath.cos(2 * StrictMath.PI * v);
        return MEDIAN * StrictMath.exp(SIGMA * z);
    }

    private static Cells cells(long[] counts) {
        int[] cells = new int[counts.length];
        long[] kept = new long[counts.length];
        int found = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                cells[found] = FirstCell.FIRST + i;
                kept[found++] = counts[i];
            }
        }
        return new Cells(Arrays.copyOf(cells, found), Arrays.copyOf(kept, found));
    }

    private static double nearestRank(long[] counts, int n) {
        long beyond = n - (long) Math.ceil(0.99 * n - 1e-9);
        int at = counts.length - 1;
        for (long seen = counts[at]; seen <= beyond; seen += counts[at]) {
            at--;
        }
        return LogGrid.value(FirstCell.FIRST + at);
    }

    static String svg() {
        return new PercentileBySize().drawn();
    }

    private String drawn() {
        int height = 460;
        Svg svg = new Svg(
                height,
                "p99 by number of requests",
                "Simulated: log-normal latencies, median 60 ms, " + STREAMS + " streams. Band: 90 % of the streams.");
        Panel panel = Panel.whole(
                svg,
                height,
                1,
                Axis.logarithmic(
                        "requests",
                        20,
                        10_000,
                        new Tick(20, "20"),
                        new Tick(50, "50"),
                        new Tick(100, "100"),
                        new Tick(299, "299"),
                        new Tick(1_000, "1,000"),
                        new Tick(2_000, "2,000"),
                        new Tick(10_000, "10,000")),
                Axis.plain(
                        "milliseconds",
                        100,
                        500,
                        new Tick(100, "100"),
                        new Tick(200, "200"),
                        new Tick(300, "300"),
                        new Tick(400, "400"),
                        new Tick(500, "500")));
        panel.band(
                List.of(new Point(20, 100), new Point(100, 100)),
                List.of(new Point(20, 500), new Point(100, 500)),
                "zone");
        panel.band(points(estimates, 0.05, 1), points(estimates, 0.95, 1), "s1 soft");
        panel.line(points(estimates, 0.5, 100), "l1");
        panel.line(points(estimates, 0.5, 1).subList(0, 5), "l1 dash");
        panel.line(points(bounds, 0.5, 299), "l2");
        double truth = MEDIAN * StrictMath.exp(SIGMA * Z99);
        panel.level(truth, "limit");
        panel.label(9_800, truth - 34, "true p99: " + Math.round(truth) + " ms", "muted end");
        panel.label(22, 470, "\"not enough data\"", "");
        panel.label(22, 446, "the largest is no p99", "muted");
        panel.label(1_250, 320, "upper 95 % bound, from 299 on", "t2");
        panel.label(250, 172, "p99 shown, from 100 on (median stream)", "t1");
        return svg.finished();
    }

    private static List<Point> points(double[][] sorted, double share, int fewest) {
        List<Point> points = new ArrayList<>();
        for (int size = 0; size < SIZES.length; size++) {
            if (SIZES[size] >= fewest) {
                points.add(new Point(SIZES[size], sorted[size][(int) (share * (STREAMS - 1))]));
            }
        }
        return points;
    }
}
