// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.PsiPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// The population stability index of a feature that did not change at all, by the size of the window.
final class PsiNull {
    private static final long SEED = 4;
    private static final int RUNS = 1_000;
    private static final int BINS = 10;
    private static final double MOST = 0.5;
    private static final int REFERENCE = 10_000;
    private static final int[] WINDOWS = {50, 100, 200, 350, 500, 1_000, 2_000, 5_000};

    private static final int[] REPORTED = {100, 200, 350};

    private PsiNull() {}

    static String svg() {
        int height = 458;
        Svg svg = new Svg(
                height,
                "A fixed cut-off on PSI accuses small windows",
                "PSI of a feature that did not change, on 10 bins. Of 100 windows 95 lie below the line.",
                "Lines: by theory. Dots: " + Words.count(RUNS) + " simulated windows each.");
        Panel panel = Panel.whole(
                svg,
                height,
                2,
                Axis.logarithmic(
                        "observations in the window",
                        50,
                        5_000,
                        new Tick(50, "50"),
                        new Tick(100, "100"),
                        new Tick(200, "200"),
                        new Tick(500, "500"),
                        new Tick(1_000, "1,000"),
                        new Tick(2_000, "2,000"),
                        new Tick(5_000, "5,000")),
                Axis.plain(
                        "PSI",
                        0,
                        MOST,
                        new Tick(0, "0"),
                        new Tick(0.1, "0.1"),
                        new Tick(0.2, "0.2"),
                        new Tick(0.3, "0.3"),
                        new Tick(0.4, "0.4"),
                        new Tick(0.5, "0.5")));
        panel.level(0.1, "limit");
        panel.label(4_900, 0.1, "the usual fixed cut-off: 0.1", "muted end");
        panel.line(theory(true), "l2");
        panel.line(theory(false), "l1");
        dots(panel, true, "s2");
        dots(panel, false, "s1");
        panel.label(135, 0.275, "reference as small as the window", "t2");
        panel.label(52, 0.03, "reference of 10,000", "t1");
        panel.label(4_900, 0.43, "PSI above 0.1 without any change, reference of 10,000:", "end");
        for (int i = 0; i < REPORTED.length; i++) {
            panel.label(4_900, 0.395 - 0.035 * i, falseAlarms(REPORTED[i]), "end");
        }
        return svg.finished();
    }

    private static String falseAlarms(int window) {
        double[] values = simulated(window, REFERENCE);
        double share = Arrays.stream(values).filter(value -> value > 0.1).count() / (double) RUNS;
        return "window of " + Words.count(window) + ": " + Words.percent(share) + " of the windows";
    }

    private static List<Point> theory(boolean same) {
        PsiPlan plan = new PsiPlan(BINS, same ? OptionalLong.empty() : OptionalLong.of(REFERENCE), 0.05);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= 60; i++) {
            long window = Math.round(50 * StrictMath.pow(100, i / 60.0));
            double index = plan.nullQuantile(window);
            if (index <= MOST) {
                points.add(new Point(window, index));
            }
        }
        return points;
    }

    private static void dots(Panel panel, boolean same, String looks) {
        for (int window : WINDOWS) {
            double[] values = simulated(window, same ? window : REFERENCE);
            double index = values[RUNS * 95 / 100 - 1];
            if (index <= MOST) {
                panel.dot(new Point(window, index), 4, looks);
            }
        }
    }

    /// Ascending.
    private static double[] simulated(int window, int reference) {
        SplittableRandom random = new SplittableRandom(SEED + window);
        double[] values = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            values[run] =
                    Psi.of(counts(random, reference), counts(random, window)).value();
        }
        Arrays.sort(values);
        return values;
    }

    private static long[] counts(SplittableRandom random, int n) {
        long[] counts = new long[BINS];
        for (int i = 0; i < n; i++) {
            counts[random.nextInt(BINS)]++;
        }
        return counts;
    }
}
