// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import io.edgewise.statistics.planning.Horizon;
import io.edgewise.statistics.sequential.Detector;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The evidence about a build that is good for a while and then is not: why roll-back asks a detector.
final class BadBuild {
    private static final long SEED = 2;
    private static final int BLOCKS = 360;
    private static final int TURNS_BAD = 180;
    private static final int PAIRS = 20;
    private static final double LIMIT = 0.08;
    private static final double GOOD = 0.05;
    private static final double BAD = 0.14;

    /// Blocks in 14 days, one eighth of a budget of 1 %.
    private static final double DETECTOR_LIMIT = Horizon.FORTNIGHT.logThreshold(1.0 / 8, 0.01);

    private static final double SAFE_LIMIT = StrictMath.log(1 / 0.05);

    private final List<Point> safe = new ArrayList<>();
    private final List<Point> cumulative = new ArrayList<>();
    private final List<Point> detector = new ArrayList<>();
    private int alarm = BLOCKS;
    private int safeFrom = BLOCKS;

    private BadBuild() {
        MeanTest breach = new MeanTest(Purpose.BREACH, Side.ABOVE, LIMIT, 0, 1);
        MeanTest promotion = new MeanTest(Purpose.SAFE, Side.BELOW, LIMIT, 0, 1);
        SplittableRandom random = new SplittableRandom(SEED);
        Values total = Values.empty();
        Detector state = Detector.start(breach);
        for (int block = 1; block <= BLOCKS; block++) {
            int events = 0;
            for (int i = 0; i < PAIRS; i++) {
                events += random.nextDouble() < (block <= TURNS_BAD ? GOOD : BAD) ? 1 : 0;
            }
            Values fresh = Values.binary(events, PAIRS);
            total = total.plus(fresh);
            state = state.next(breach.growth(fresh));
            double e = promotion.logE(total);
            safe.add(new Point(block, e));
            cumulative.add(new Point(block, breach.logE(total)));
            detector.add(new Point(block, state.logValue()));
            alarm = state.logValue() >= DETECTOR_LIMIT ? Math.min(alarm, block) : alarm;
            safeFrom = e >= SAFE_LIMIT ? Math.min(safeFrom, block) : safeFrom;
        }
    }

    static String svg() {
        return new BadBuild().drawn();
    }

    private String drawn() {
        int height = 470;
        Svg svg = new Svg(
                height,
                "A build that turns bad after half an hour",
                "Simulated: 20 pairs every 10 seconds; disagreement 5 %, from minute 30 on 14 %; the limit is 8 %.");
        Panel panel = Panel.whole(
                svg,
                height,
                1,
                Axis.plain(
                        "minutes",
                        0,
                        BLOCKS,
                        new Tick(0, "0"),
                        new Tick(60, "10"),
                        new Tick(120, "20"),
                        new Tick(180, "30"),
                        new Tick(240, "40"),
                        new Tick(300, "50"),
                        new Tick(360, "60")),
                Axis.plain(
                        "ln of the evidence",
                        -10,
                        24,
                        new Tick(-5, "-5"),
                        new Tick(0, "0"),
                        new Tick(5, "5"),
                        new Tick(10, "10"),
                        new Tick(15, "15"),
                        new Tick(20, "20")));
        panel.upright(TURNS_BAD, "limit");
        panel.label(TURNS_BAD + 4, 22, "turns bad", "muted");
        panel.level(DETECTOR_LIMIT, "limit");
        panel.label(4, DETECTOR_LIMIT, "roll-back: 18.9 (14 days, 1 % / 8)", "muted");
        panel.level(SAFE_LIMIT, "limit");
        panel.label(310, SAFE_LIMIT, "SAFE: 3.0 = ln(1 / 5 %)", "muted end");
        panel.line(safe.stream().filter(point -> point.y() >= -10).toList(), "l3");
        panel.line(cumulative, "l4 dash");
        panel.line(detector.stream().filter(point -> point.y() <= 24).toList(), "l2");
        panel.dot(new Point(alarm, DETECTOR_LIMIT), 5, "s2");
        panel.dot(new Point(safeFrom, SAFE_LIMIT), 5, "s3");
        panel.label(256, 15.5, "detector: alarm", "t2");
        panel.label(256, 13.8, Words.count((long) (alarm - TURNS_BAD) * PAIRS) + " pairs later", "t2");
        panel.label(safeFrom + 8, SAFE_LIMIT + 6, "process for SAFE", "t3");
        panel.label(10, -9.8, "process for BREACH from minute 0 on:", "t4");
        panel.label(186, -9.8, "has to win back what it lost", "t4");
        return svg.finished();
    }
}
