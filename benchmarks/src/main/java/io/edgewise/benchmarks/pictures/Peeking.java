// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;

/// How often a good build is accused by a 5 % test that is looked at again and again, and by an e-process.
final class Peeking {
    private static final long SEED = 1;
    private static final int RUNS = 2_000;
    private static final int EVERY = 20;
    private static final int LOOKS = 500;
    private static final double LIMIT = 0.08;
    private static final double ALPHA = 0.05;

    private final MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, LIMIT, 0, 1);
    private final double[][] growthOf = new double[EVERY + 1][];
    private final int[] critical = new int[LOOKS];
    private final int[] fixedAlarms = new int[LOOKS];
    private final int[] eAlarms = new int[LOOKS];

    private Peeking() {
        for (int events = 0; events <= EVERY; events++) {
            growthOf[events] = test.growth(Values.binary(events, EVERY));
        }
        for (int look = 0; look < LOOKS; look++) {
            critical[look] =
                    new BinomialDistribution(null, (look + 1) * EVERY, LIMIT).inverseCumulativeProbability(1 - ALPHA)
                            + 1;
        }
        SplittableRandom random = new SplittableRandom(SEED);
        for (int run = 0; run < RUNS; run++) {
            run(random);
        }
    }

    private void run(SplittableRandom random) {
        double[] growth = new double[growthOf[0].length];
        int events = 0;
        boolean fixed = false;
        boolean evidence = false;
        for (int look = 0; look < LOOKS; look++) {
            int fresh = 0;
            for (int i = 0; i < EVERY; i++) {
                fresh += random.nextDouble() < LIMIT ? 1 : 0;
            }
            events += fresh;
            for (int i = 0; i < growth.length; i++) {
                growth[i] += growthOf[fresh][i];
            }
            fixed |= events >= critical[look];
            evidence = evidence || test.logE(growth) >= -StrictMath.log(ALPHA);
            fixedAlarms[look] += fixed ? 1 : 0;
            eAlarms[look] += evidence ? 1 : 0;
        }
    }

    static String svg() {
        return new Peeking().drawn();
    }

    private String drawn() {
        int height = 430;
        Svg svg = new Svg(
                height,
                "Looking again and again at a build that is exactly as good as allowed",
                String.format(
                        Locale.ROOT,
                        "%,d simulated rollouts, true disagreement 8 %% = the limit, one look every %d pairs.",
                        RUNS,
                        EVERY));
        Panel panel = Panel.whole(
                svg,
                height,
                1,
                Axis.logarithmic(
                        "pairs seen so far",
                        EVERY,
                        EVERY * LOOKS,
                        new Tick(20, "20"),
                        new Tick(100, "100"),
                        new Tick(500, "500"),
                        new Tick(2_000, "2,000"),
                        new Tick(10_000, "10,000")),
                Axis.plain(
                        "rollouts falsely accused so far",
                        0,
                        0.4,
                        new Tick(0, "0 %"),
                        new Tick(0.1, "10 %"),
                        new Tick(0.2, "20 %"),
                        new Tick(0.3, "30 %"),
                        new Tick(0.4, "40 %")));
        panel.level(ALPHA, "limit");
        panel.label(EVERY, ALPHA, " promised: 5 %", "muted");
        panel.line(shares(fixedAlarms), "l2");
        panel.line(shares(eAlarms), "l1");
        double fixed = (double) fixedAlarms[LOOKS - 1] / RUNS;
        double evidence = (double) eAlarms[LOOKS - 1] / RUNS;
        panel.label(1_500, fixed - 0.02, "exact binomial test, 5 % at each look: " + Words.percent(fixed), "end t2");
        panel.label(9_700, evidence - 0.001, "e-process, alarm at e = 20: " + Words.percent(evidence), "end t1");
        return svg.finished();
    }

    private static List<Point> shares(int[] alarms) {
        List<Point> points = new ArrayList<>();
        for (int look = 0; look < LOOKS; look += look < 50 ? 1 : 10) {
            points.add(new Point((look + 1) * EVERY, (double) alarms[look] / RUNS));
        }
        points.add(new Point(LOOKS * EVERY, (double) alarms[LOOKS - 1] / RUNS));
        return points;
    }
}
