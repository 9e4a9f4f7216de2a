// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.distribution.BinomialDistribution;

/// Streams of binary observations in blocks, and what the tests say along them. Stakes are plain numbers
/// here, which is fast; DetectorTest and MeanTestTest hold the logarithms to them.
final class Simulation {
    private final int block;
    private final double[][] factors;
    private final double[] weights;

    Simulation(MeanTest test, int block) {
        this.block = block;
        weights = test.weights();
        factors = new double[block + 1][];
        for (int events = 0; events <= block; events++) {
            factors[events] = Arrays.stream(test.growth(Values.binary(events, block)))
                    .map(StrictMath::exp)
                    .toArray();
        }
    }

    /// The most alarms that a rate of alpha gives in 99 of 100 such series of runs.
    static int mostFalseAlarms(int runs, double alpha) {
        return new BinomialDistribution(null, runs, alpha).inverseCumulativeProbability(0.99);
    }

    /// Runs in which the evidence ever reaches the threshold; the share of events may depend on the block's
    /// number.
    int crossings(long seed, int runs, int blocks, IntToDoubleFunction share, double threshold) {
        SplittableRandom random = new SplittableRandom(seed);
        int crossed = 0;
        for (int run = 0; run < runs; run++) {
            double[] stakes = new double[weights.length];
            Arrays.fill(stakes, 1);
            boolean reached = false;
            for (int b = 1; b <= blocks && !reached; b++) {
                reached = step(stakes, 0, events(random, share.applyAsDouble(b))) >= threshold;
            }
            crossed += reached ? 1 : 0;
        }
        return crossed;
    }

    /// Runs in which the detector ever reaches the threshold.
    int alarms(long seed, int runs, int blocks, IntToDoubleFunction share, double threshold) {
        SplittableRandom random = new SplittableRandom(seed);
        int alarmed = 0;
        for (int run = 0; run < runs; run++) {
            double[] stakes = new double[weights.length];
            boolean reached = false;
            for (int b = 1; b <= blocks && !reached; b++) {
                reached = step(stakes, 1, events(random, share.applyAsDouble(b))) >= threshold;
            }
            alarmed += reached ? 1 : 0;
        }
        return alarmed;
    }

    /// Blocks from a change until the detector reaches the threshold: all runs, ascending.
    int[] delays(long seed, int runs, int before, double good, double bad, double threshold) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] delays = new int[runs];
        for (int run = 0; run < runs; run++) {
            double[] stakes = new double[weights.length];
            for (int b = 0; b < before; b++) {
                step(stakes, 1, events(random, good));
            }
            do {
                delays[run]++;
            } while (step(stakes, 1, events(random, bad)) < threshold);
        }
        Arrays.sort(delays);
        return delays;
    }

    /// The value after a block before which `unit` is staked on every bet.
    private double step(double[] stakes, double unit, int events) {
        double[] factor = factors[events];
        double value = 0;
        for (int i = 0; i < stakes.length; i++) {
            stakes[i] = (stakes[i] + unit) * factor[i];
            value += weights[i] * stakes[i];
        }
        return value;
    }

    private int events(SplittableRandom random, double share) {
        int events = 0;
        for (int i = 0; i < block; i++) {
            events += random.nextDouble() < share ? 1 : 0;
        }
        return events;
    }
}
