// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What 64 devices with one block of 20 each can show with the demo's plan.
class DemoFiguresTest {
    private static final Plan PLAN = Plans.demo();
    private static final int RUNS = 1_000;

    @Test
    void goodAgreementBecomesSafeForTheFleetFrom64DeviceBlocks() {
        assertThat(shareSafe(0.93, 0)).isGreaterThan(0.99);
        assertThat(shareSafe(0.92, 0)).isGreaterThan(0.95);
        assertThat(shareSafe(0.93, 0.02)).isGreaterThan(0.99);
    }

    @Test
    void agreementAtTheFloorIsCalledSafeNoMoreOftenThanPromised() {
        assertThat(shareSafe(0.85, 0)).isLessThan(0.05);
        assertThat(shareSafe(0.85, 0.05)).isLessThan(0.05);
    }

    @Test
    void badAgreementIsABreachWithinAFewBlocks() {
        long[] blocks = new long[RUNS];
        for (int run = 0; run < RUNS; run++) {
            blocks[run] = deviceBlocksToBreach(0.74, run);
        }
        Arrays.sort(blocks);
        System.out.println("agreement 0.74: device blocks to BREACH, median " + blocks[RUNS / 2] + ", p95 "
                + blocks[RUNS * 95 / 100] + ", most " + blocks[RUNS - 1]);
        assertThat(blocks[RUNS * 95 / 100]).isLessThanOrEqualTo(64);
    }

    private static double shareSafe(double agreement, double correlation) {
        int safe = 0;
        for (int run = 0; run < RUNS; run++) {
            SplittableRandom random = new SplittableRandom(run);
            Tally tally = new Tally();
            for (int device = 0; device < 64; device++) {
                add(tally, random, agreement, correlation);
            }
            safe += outcome(tally) == Outcome.SAFE ? 1 : 0;
        }
        System.out.println("agreement " + agreement + ", correlation " + correlation + ": SAFE in " + safe + " of "
                + RUNS + " runs from 64 device blocks");
        return (double) safe / RUNS;
    }

    private static long deviceBlocksToBreach(double agreement, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tally tally = new Tally();
        for (int device = 1; device <= 200; device++) {
            add(tally, random, agreement, 0);
            if (outcome(tally) == Outcome.BREACH) {
                return device;
            }
        }
        return Long.MAX_VALUE;
    }

    private static Outcome outcome(Tally tally) {
        SortedMap<Stratum, Tally> open = new TreeMap<>();
        open.put(new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL), tally);
        Evidence none = Evidence.none(PLAN);
        Evidence evidence = new Evidence(none.ledger(), open, none.lastAppendMs(), "", "").cut(Instant.EPOCH);
        return Judge.verdicts(PLAN, evidence).getFirst().outcome();
    }

    private static void add(Tally tally, SplittableRandom random, double agreement, double correlation) {
        double own = agreement;
        if (correlation > 0) {
            double spread = StrictMath.sqrt(correlation * agreement * (1 - agreement));
            double step = Math.min(spread, Math.min(agreement, 1 - agreement));
            own += random.nextBoolean() ? step : -step;
        }
        int disagree = 0;
        for (int i = 0; i < Measures.BLOCK_SIZE; i++) {
            disagree += random.nextDouble() < own ? 0 : 1;
        }
        tally.add(Measures.PAIRS, 0, Measures.BLOCK_SIZE - disagree).add(Measures.PAIRS, 1, disagree);
        tally.add(Measures.BLOCKS_DISAGREE, Measures.block(Measures.BLOCK_SIZE, disagree));
        tally.add(Measures.BLOCKS_DISAGREE_SAFE, Measures.block(Measures.BLOCK_SIZE, disagree));
        tally.add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_DISAGREE_SAFE));
        tally.add(Measures.DEVICES, 0);
    }
}
