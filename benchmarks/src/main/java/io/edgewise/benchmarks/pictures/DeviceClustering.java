// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BetaDistribution;

/// False roll-backs where the requests of one device resemble each other: bets on requests, and bets on devices.
final class DeviceClustering {
    private static final long SEED = 5;
    private static final int RUNS = 1_000;
    private static final int DEVICES = 100;
    private static final int BLOCK = 20;
    private static final int BLOCKS = 25;
    private static final int LOOK_EVERY = 20;
    private static final double LIMIT = 0.08;
    private static final double ALPHA = 0.01;
    private static final int RATES = 512;
    private static final double[] CORRELATIONS = {0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1};

    private final MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, LIMIT, 0, 1);
    private final double[][] growthOfRequests = new double[BLOCK + 1][];
    private final double[][] growthOfBlock = new double[BLOCK + 1][];

    private DeviceClustering() {
        for (int events = 0; events <= BLOCK; events++) {
            growthOfRequests[events] = test.growth(Values.binary(events, BLOCK));
            growthOfBlock[events] = test.growth(new Values(new double[] {(double) events / BLOCK}, new long[] {1}));
        }
    }

    static String svg() {
        DeviceClustering simulation = new DeviceClustering();
        List<Point> requests = new ArrayList<>();
        List<Point> devices = new ArrayList<>();
        for (double correlation : CORRELATIONS) {
            double[] shares = simulation.falseAlarms(correlation);
            requests.add(new Point(correlation, shares[0]));
            devices.add(new Point(correlation, shares[1]));
        }
        return drawn(requests, devices);
    }

    private static String drawn(List<Point> requests, List<Point> devices) {
        int height = 458;
        Svg svg = new Svg(
                height,
                "Requests of one device resemble each other",
                "Simulated: a fleet that disagrees in 8 % of its pairs, exactly the limit; roll-back at e = 100.",
                DEVICES + " devices, " + BLOCK * BLOCKS + " pairs each; " + Words.count(RUNS) + " rollouts per dot.");
        Panel panel = Panel.whole(
                svg,
                height,
                2,
                Axis.plain(
                        "correlation within a device",
                        0,
                        0.1,
                        new Tick(0, "0"),
                        new Tick(0.02, "0.02"),
                        new Tick(0.04, "0.04"),
                        new Tick(0.06, "0.06"),
                        new Tick(0.08, "0.08"),
                        new Tick(0.1, "0.10")),
                Axis.plain(
                        "false roll-backs",
                        0,
                        0.4,
                        new Tick(0, "0 %"),
                        new Tick(0.1, "10 %"),
                        new Tick(0.2, "20 %"),
                        new Tick(0.3, "30 %"),
                        new Tick(0.4, "40 %")));
        panel.level(ALPHA, "limit");
        panel.label(0.012, ALPHA + 0.002, "promised: 1 %", "muted");
        panel.line(requests, "l2");
        panel.line(devices, "l1");
        requests.forEach(point -> panel.dot(point, 4, "s2"));
        devices.forEach(point -> panel.dot(point, 4, "s1"));
        Point last = requests.getLast();
        panel.label(0.099, last.y() - 0.09, "a bet on each pair: " + Words.percent(last.y()), "end t2");
        panel.label(
                0.099,
                0.03,
                "a bet on each device's block of " + BLOCK + ": at most "
                        + Words.percent(
                                devices.stream().mapToDouble(Point::y).max().orElseThrow()),
                "end t1");
        return svg.finished();
    }

    /// Of the count process and of the device blocks.
    private double[] falseAlarms(double correlation) {
        double[] rates = rates(correlation);
        SplittableRandom random = new SplittableRandom(SEED);
        int byRequests = 0;
        int byDevices = 0;
        for (int run = 0; run < RUNS; run++) {
            int[][] events = events(random, rates);
            byRequests += crosses(events, BLOCKS, growthOfRequests) ? 1 : 0;
            byDevices += crosses(events, 1, growthOfBlock) ? 1 : 0;
        }
        return new double[] {(double) byRequests / RUNS, (double) byDevices / RUNS};
    }

    /// Events of each block of each device; a device keeps its rate.
    private static int[][] events(SplittableRandom random, double[] rates) {
        int[][] events = new int[BLOCKS][DEVICES];
        for (int device = 0; device < DEVICES; device++) {
            double rate = rates[random.nextInt(rates.length)];
            for (int block = 0; block < BLOCKS; block++) {
                for (int i = 0; i < BLOCK; i++) {
                    events[block][device] += random.nextDouble() < rate ? 1 : 0;
                }
            }
        }
        return events;
    }

    private boolean crosses(int[][] events, int blocks, double[][] growthOf) {
        double[] growth = new double[growthOf[0].length];
        for (int block = 0; block < blocks; block++) {
            for (int device = 0; device < DEVICES; device++) {
                double[] gained = growthOf[events[block][device]];
                for (int i = 0; i < growth.length; i++) {
                    growth[i] += gained[i];
                }
                if (device % LOOK_EVERY == LOOK_EVERY - 1 && test.logE(growth) >= -StrictMath.log(ALPHA)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Equally likely rates of devices: quantiles of a beta law with this correlation, their mean exactly the limit.
    private static double[] rates(double correlation) {
        if (correlation == 0) {
            return new double[] {LIMIT};
        }
        double size = 1 / correlation - 1;
        BetaDistribution law = new BetaDistribution(null, LIMIT * size, (1 - LIMIT) * size);
        double[] rates = new double[RATES];
        double sum = 0;
        for (int i = 0; i < RATES; i++) {
            rates[i] = law.inverseCumulativeProbability((i + 0.5) / RATES);
            sum += rates[i];
        }
        for (int i = 0; i < RATES; i++) {
            rates[i] = Math.min(1, rates[i] * LIMIT * RATES / sum);
        }
        return rates;
    }
}
