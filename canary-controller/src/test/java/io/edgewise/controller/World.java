// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.statistics.grid.LogGrid;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A fleet that counts as the evaluator does, request by request: 64 devices by default, one device block of 20 for
/// each device and stratum.
public final class World {
    private final SplittableRandom random;
    private final int devices;
    private final Traits traits;
    private final SortedMap<Stratum, Tally> counters = new TreeMap<>();
    private final Map<String, int[]> openBlocks = new HashMap<>();
    private final Map<String, Boolean> closedBlocks = new HashMap<>();

    /// What the challenger is like.
    public record Traits(double agreement, double errors, double refusals, double slow, double truth, long costNanos) {
        public static final Traits GOOD = new Traits(0.93, 0.0005, 0.001, 0.001, 0.25, 1_000);
        public static final Traits BAD = new Traits(0.74, 0.0005, 0.001, 0.001, 0.25, 1_000);

        public Traits agreeing(double share) {
            return new Traits(share, errors, refusals, slow, truth, costNanos);
        }
    }

    public World(SplittableRandom random, Traits traits) {
        this(random, 64, traits);
    }

    public World(SplittableRandom random, int devices, Traits traits) {
        this.random = random;
        this.devices = devices;
        this.traits = traits;
    }

    /// The counters as they stand: a copy.
    public SortedMap<Stratum, Tally> counters() {
        SortedMap<Stratum, Tally> copy = new TreeMap<>();
        counters.forEach((stratum, tally) -> copy.put(stratum, tally.copy()));
        return copy;
    }

    /// So many requests in shadow: all paired.
    public World shadow(int requests) {
        for (int i = 0; i < requests; i++) {
            int device = random.nextInt(devices);
            Tally tally = tally(0, Cohort.COHORT_CONTROL, 10_000, device);
            tally.add(Measures.ATTEMPTS, 2).add(Measures.ASSIGNED, 0).add(Measures.USER_COST, 0, 5_000);
            tally.add(Measures.USER_COST, 1).add(Measures.USER_LATENCY, latency(40_000));
            boolean failed = attempt(tally, device);
            pair(tally, device, failed);
        }
        return this;
    }

    /// So many requests at a canary stage, of which the share is the canary's, paired at the rate.
    public World canary(int stage, int requests, int shareBp, int pairingBp) {
        for (int i = 0; i < requests; i++) {
            int device = random.nextInt(devices);
            if (random.nextInt(10_000) >= shareBp) {
                Tally tally = tally(stage, Cohort.COHORT_CONTROL, 0, device);
                tally.add(Measures.ATTEMPTS, 2).add(Measures.ASSIGNED, 0).add(Measures.USER_LATENCY, latency(40_000));
                continue;
            }
            Tally tally = tally(stage, Cohort.COHORT_CANARY, pairingBp, device);
            boolean failed = attempt(tally, device);
            tally.add(Measures.ASSIGNED, 0);
            if (failed) {
                tally.add(Measures.ASSIGNED, 1);
            }
            boolean slow = random.nextDouble() < traits.slow();
            tally.add(Measures.USER_LATENCY, latency(slow ? 400_000 : 2_000));
            tally.add(Measures.USER_COST, 0, traits.costNanos()).add(Measures.USER_COST, 1);
            if (random.nextInt(10_000) < pairingBp) {
                tally.add(Measures.ATTEMPTS, 2);
                pair(tally, device, failed);
            }
        }
        return this;
    }

    private Tally tally(int stage, Cohort cohort, int pairingBp, int device) {
        Tally tally = counters.computeIfAbsent(
                new Stratum(stage, cohort, pairingBp, false, Stratum.ALL), stratum -> new Tally());
        tally.add(Measures.REQUESTS, 0);
        if (closedBlocks.putIfAbsent(stage + "/" + cohort + "/seen/" + device, true) == null) {
            tally.add(Measures.DEVICES, 0);
        }
        return tally;
    }

    private boolean attempt(Tally tally, int device) {
        boolean failed = random.nextDouble() < traits.errors();
        tally.add(Measures.ATTEMPTS, 4).add(Measures.ATTEMPTS, 5, failed ? 1 : 0);
        block(tally, Measures.BLOCKS_ERROR, device, failed ? 1 : 0);
        return failed;
    }

    private void pair(Tally tally, int device, boolean failed) {
        if (failed) {
            tally.add(Measures.PAIRS, 2);
            block(tally, Measures.BLOCKS_DISAGREE_SAFE, device, 1);
            return;
        }
        boolean agrees = random.nextDouble() < traits.agreement();
        tally.add(Measures.PAIRS, agrees ? 0 : 1);
        block(tally, Measures.BLOCKS_DISAGREE, device, agrees ? 0 : 1);
        block(tally, Measures.BLOCKS_DISAGREE_SAFE, device, agrees ? 0 : 1);
        boolean refused = random.nextDouble() < traits.refusals();
        tally.add(Measures.PAIR_REFUSALS, refused ? 2 : 0);
        block(tally, Measures.BLOCKS_REFUSAL, device, refused ? 1 : 0);
        if (random.nextDouble() < traits.truth()) {
            boolean correct = agrees ? random.nextDouble() < 0.97 : random.nextDouble() < 0.35;
            int cell = 190;
            tally.add(Measures.CALIBRATION_GAP, 2 * cell + (correct ? 1 : 0));
            block(tally, Measures.BLOCKS_CALIBRATION, device, correct ? -4 : 95);
            int bin = 14;
            tally.add(Measures.CALIBRATION, 4 * bin).add(Measures.CALIBRATION, 4 * bin + 1, correct ? 1 : 0);
            tally.add(Measures.CALIBRATION, 4 * bin + 2, 952_500_000L);
            if (!agrees) {
                int outcome = correct ? 0 : random.nextInt(2) == 0 ? 1 : 2;
                tally.add(Measures.WINS, outcome);
                block(tally, Measures.BLOCKS_WINS, device, outcome == 0 ? 2 : outcome == 2 ? 1 : 0);
            }
        }
    }

    /// The first 20 of a device make its block; one block for each device, as in a short rollout.
    private void block(Tally tally, String measure, int device, int amount) {
        String key = measure + "/" + device;
        if (closedBlocks.containsKey(key)) {
            return;
        }
        int[] state = openBlocks.get(key);
        if (state == null) {
            state = new int[2];
            openBlocks.put(key, state);
            tally.add(Measures.BLOCKS_OPENED, Measures.blockPlace(measure));
        }
        state[0]++;
        state[1] += amount;
        if (state[0] == Measures.BLOCK_SIZE) {
            tally.add(measure, Measures.block(state[0], state[1]));
            closedBlocks.put(key, true);
        }
    }

    private int latency(int typicalUs) {
        return LogGrid.cell(typicalUs * (0.7 + 0.6 * random.nextDouble()));
    }
}
