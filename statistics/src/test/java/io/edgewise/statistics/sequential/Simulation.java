// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.distribution.BinomialDistribution;

/// Streams of binary observations in blocks, and what the tests say along them.
final class Simulation {
    private final MeanTest test;
    private final int block;
    private final double[][] growthOfEvents;

    Simulation(MeanTest test, int block) {
        this.test = test;
        this.block = block;
        growthOfEvents = new double[block + 1][];
        for (int events = 0; events <= block; events++) {
            growthOfEvents[events] = test.growth(Values.binary(events, block));
        }
    }

    /// The most alarms that a rate of alpha gives in 99 of 100 such series of runs.
    static int mostFalseAlarms(int runs, double alpha) {
        return new BinomialDistribution(null, runs, alpha).inverseCumulativeProbability(0.99);
    }

    /// Runs in which the evidence ever reaches the threshold; the share of events may depend on the block's number.
    int crossings(long seed, int runs, int blocks, IntToDoubleFunction share, double logThreshold) {
        SplittableRandom random = new SplittableRandom(seed);
        int crossed = 0;
        for (int run = 0; run < runs; run++) {
            crossed += firstCrossing(random, blocks, share, logThreshold) <= blocks ? 1 : 0;
        }
        return crossed;
    }

    /// Median block at which the evidence reaches the threshold.
    int medianBlocks(long seed, int runs, int blocks, double share, double logThreshold) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] delays = new int[runs];
        for (int run = 0; run < runs; run++) {
            delays[run] = firstCrossing(random, blocks, b -> share, logThreshold);
        }
        Arrays.sort(delays);
        return delays[runs / 2];
    }

    private int firstCrossing(SplittableRandom random, int blocks, IntToDoubleFunction share, double logThreshold) {
        double[] growth = new double[growthOfEvents[0].length];
        for (int b = 1; b <= blocks; b++) {
            double[] gained = growthOfEvents[events(random, share.applyAsDouble(b))];
            for (int i = 0; i < growth.length; i++) {
                growth[i] += gained[i];
            }
            if (test.logE(growth) >= logThreshold) {
                return b;
            }
        }
        return blocks + 1;
    }

    /// Runs in which the detector ever reaches the threshold.
    int alarms(long seed, int runs, int blocks, double share, double logThreshold) {
        SplittableRandom random = new SplittableRandom(seed);
        int alarmed = 0;
        for (int run = 0; run < runs; run++) {
            Detector detector = Detector.start(test);
            for (int b = 0; b < blocks && detector.logValue() < logThreshold; b++) {
                detector = detector.next(growthOfEvents[events(random, share)]);
            }
            alarmed += detector.logValue() >= logThreshold ? 1 : 0;
        }
        return alarmed;
    }

    /// Median number of blocks from a change until the detector reaches the threshold.
    int medianDelay(long seed, int runs, int before, double good, double bad, double logThreshold) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] delays = new int[runs];
        for (int run = 0; run < runs; run++) {
            Detector detector = Detector.start(test);
            for (int b = 0; b < before; b++) {
                detector = detector.next(growthOfEvents[events(random, good)]);
            }
            while (detector.logValue() < logThreshold) {
                detector = detector.next(growthOfEvents[events(random, bad)]);
                delays[run]++;
            }
        }
        Arrays.sort(delays);
        return delays[runs / 2];
    }

    private int events(SplittableRandom random, double share) {
        int events = 0;
        for (int i = 0; i < block; i++) {
            events += random.nextDouble() < share ? 1 : 0;
        }
        return events;
    }
}
