// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// What must have been counted, reckoned from what was drawn and with no code of the evaluator: plain additions, a
/// latency's cell by its definition, device blocks of the first twenty observations in the order of the log.
///
/// Keys are "evidence rollout slice measure/bucket" and "window rollout minute slice measure/bucket".
final class Ledger {
    static final String ALL = "all";
    private static final int BLOCK = 20;
    private static final int MINUTE_MS = 60_000;
    private static final int CELLS = 64;

    /// One request as it was drawn.
    record Drawn(
            String rollout,
            String device,
            String deviceClass,
            boolean challengerFails,
            boolean agrees,
            long latencyUs,
            long nanos,
            long eventMs) {}

    private static final class Blocks {
        private int breachN;
        private int breachK;
        private int safeN;
        private int safeK;
    }

    private final Map<String, Long> sums = new HashMap<>();
    private final Map<String, Blocks> blocks = new HashMap<>();
    private long counted;
    private long late;
    private long dropped;
    private long duplicates;

    void counted(Drawn drawn) {
        counted++;
        for (String slice : new String[] {ALL, "device_class=" + drawn.deviceClass}) {
            add("evidence " + drawn.rollout + ' ' + slice + ' ', drawn);
            add("window " + drawn.rollout + ' ' + Math.floorDiv(drawn.eventMs, MINUTE_MS) + ' ' + slice + ' ', drawn);
        }
        block(drawn);
    }

    void late() {
        late++;
    }

    void dropped(long sequences) {
        dropped += sequences;
    }

    void duplicate() {
        duplicates++;
    }

    long accounted() {
        return counted + late + dropped;
    }

    long counted() {
        return counted;
    }

    long lateOnes() {
        return late;
    }

    long droppedOnes() {
        return dropped;
    }

    long duplicates() {
        return duplicates;
    }

    private void add(String key, Drawn drawn) {
        sum(key + "requests/0", 1);
        sum(key + "pairs" + (drawn.challengerFails ? "/2" : drawn.agrees ? "/0" : "/1"), 1);
        sum(key + "attempts/2", 1);
        sum(key + "attempts/4", 1);
        if (drawn.challengerFails) {
            sum(key + "attempts/5", 1);
        }
        sum(key + "latency.user/" + cell(drawn.latencyUs), 1);
        sum(key + "cost.user/0", drawn.nanos);
        sum(key + "cost.user/1", 1);
    }

    /// Every power of two is cut into 64 cells of equal width.
    private static int cell(long value) {
        int exponent = 63 - Long.numberOfLeadingZeros(value);
        return CELLS * exponent + (int) (((value - (1L << exponent)) * CELLS) >> exponent);
    }

    private void block(Drawn drawn) {
        String key = drawn.rollout + ' ' + drawn.device;
        Blocks of = blocks.get(key);
        if (of == null) {
            of = new Blocks();
            blocks.put(key, of);
            sum("evidence " + drawn.rollout + ' ' + ALL + " devices/0", 1);
        }
        boolean apart = drawn.challengerFails || !drawn.agrees;
        if (of.safeN < BLOCK) {
            of.safeN++;
            of.safeK += apart ? 1 : 0;
            if (of.safeN == BLOCK) {
                closed(drawn.rollout, "blocks.disagree.safe", of.safeK);
            }
        }
        if (!drawn.challengerFails && of.breachN < BLOCK) {
            of.breachN++;
            of.breachK += apart ? 1 : 0;
            if (of.breachN == BLOCK) {
                closed(drawn.rollout, "blocks.disagree", of.breachK);
            }
        }
    }

    private void closed(String rollout, String measure, int k) {
        sum("evidence " + rollout + ' ' + ALL + ' ' + measure + '/' + (BLOCK * 4096 + k + 2048), 1);
    }

    private void sum(String key, long amount) {
        if (amount != 0) {
            sums.merge(key, amount, Long::sum);
        }
    }

    /// In order, so that the first difference is easy to see.
    Map<String, Long> expected() {
        return new TreeMap<>(sums);
    }
}
