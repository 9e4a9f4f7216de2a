// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.evaluator.Samples;
import io.edgewise.statistics.grid.LogGrid;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Shadow traffic of a few devices, and what it must add up to: reckoned from what was drawn, not from the messages.
final class Ledger {
    static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);

    private static final List<String> CHECKED = List.of(
            Measures.REQUESTS,
            Measures.PAIRS,
            Measures.ATTEMPTS,
            Measures.USER_LATENCY,
            Measures.USER_COST,
            Measures.DEVICES,
            Measures.BLOCKS_DISAGREE,
            Measures.BLOCKS_DISAGREE_SAFE);

    /// What one request was like.
    private record Drawn(
            String device, boolean challengerFails, boolean agrees, long latencyUs, long nanos, int minutesAgo) {}

    private record Sent(Observation observation, Drawn drawn) {}

    private final SplittableRandom random;
    private final long nowMs;
    private final List<Sent> log = new ArrayList<>();
    private final Map<String, Long> lastSeq = new HashMap<>();
    private final List<Drawn> counted = new ArrayList<>();
    private final Opinions opinions;
    private long duplicates;
    private long besides;

    Ledger(long seed, long nowMs) {
        this.random = new SplittableRandom(seed);
        this.nowMs = nowMs;
        this.opinions = new Opinions(random.split(), nowMs);
    }

    long records() {
        return counted.size() + opinions.records() + besides;
    }

    /// Records of other rollouts, whose counts are not looked at here.
    void alsoSent(long records) {
        besides += records;
    }

    /// The last sequence that the device drew; 0 before its first.
    long lastSeq(String device) {
        return lastSeq.getOrDefault(device, 0L);
    }

    long duplicates() {
        return duplicates + opinions.duplicates();
    }

    /// Draws what users say, some of it sent twice.
    List<Feedback> said(int count, int devices) {
        return opinions.round(count, devices);
    }

    /// Draws a round of traffic: new requests out of order within short reach, and some sent again.
    List<Observation> round(int requests, int devices) {
        List<Sent> fresh = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            fresh.add(draw("device-" + random.nextInt(devices)));
        }
        for (int i = 0; i + 3 < fresh.size(); i += 3) {
            java.util.Collections.swap(fresh, i, i + random.nextInt(3));
        }
        fresh.forEach(sent -> counted.add(sent.drawn()));
        List<Observation> sending = new ArrayList<>();
        fresh.forEach(sent -> sending.add(sent.observation()));
        log.addAll(fresh);
        for (int i = requests / 5; i > 0; i--) {
            sending.add(log.get(random.nextInt(log.size())).observation());
            duplicates++;
        }
        return sending;
    }

    private Sent draw(String device) {
        long seq = lastSeq.merge(device, 1L, Long::sum);
        Drawn drawn = new Drawn(
                device,
                random.nextInt(10) == 0,
                random.nextInt(100) < 85,
                1_000 + random.nextInt(500_000),
                random.nextInt(10_000),
                random.nextInt(4));
        Observation.Builder observation = Samples.pair(device, seq, nowMs - drawn.minutesAgo() * 60_000L)
                .setServedLatencyUs(drawn.latencyUs())
                .setServedCost(Samples.money(drawn.nanos()))
                .setComparison(Samples.agreement(drawn.agrees()));
        if (drawn.challengerFails()) {
            observation.clearComparison().setArms(1, Samples.failed(Role.ROLE_CHALLENGER));
        }
        return new Sent(observation.build(), drawn);
    }

    void check(Ground ground) throws SQLException {
        assertThat(flat(ground.evidence(SHADOW))).isEqualTo(expectedEvidence());
        Map<Long, Map<String, Long>> windows = new TreeMap<>();
        ground.windows(0, Cohort.COHORT_CONTROL, Stratum.ALL)
                .forEach((minute, tally) -> windows.put(minute, withoutBlocks(flat(tally))));
        windows.values().removeIf(Map::isEmpty);
        assertThat(windows).isEqualTo(expectedWindows());
        opinions.check(ground);
        assertThat(ground.number("SELECT sum(counted) FROM evaluator.published_lane"))
                .isEqualTo(records());
        assertThat(ground.number("SELECT sum(duplicates) FROM evaluator.published_lane"))
                .isEqualTo(duplicates());
        assertThat(ground.number(
                        "SELECT count(*) FROM evaluator.published_lane WHERE imbalance <> 0 OR open_gaps <> 0"))
                .isZero();
        assertThat(ground.counters().getOrDefault("duplicates", 0L)).isEqualTo(duplicates());
    }

    private Map<String, Long> expectedEvidence() {
        Map<String, Long> sums = new TreeMap<>();
        counted.forEach(drawn -> add(drawn, sums));
        sums.put(Measures.DEVICES + "/0", (long) lastSeq.size());
        Map<String, int[]> safe = new HashMap<>();
        Map<String, int[]> breach = new HashMap<>();
        for (Drawn drawn : counted) {
            boolean apart = drawn.challengerFails() || !drawn.agrees();
            block(safe.computeIfAbsent(drawn.device(), device -> new int[2]), apart);
            if (!drawn.challengerFails()) {
                block(breach.computeIfAbsent(drawn.device(), device -> new int[2]), apart);
            }
        }
        close(Measures.BLOCKS_DISAGREE_SAFE, safe, sums);
        close(Measures.BLOCKS_DISAGREE, breach, sums);
        return sums;
    }

    private Map<Long, Map<String, Long>> expectedWindows() {
        Map<Long, Map<String, Long>> windows = new TreeMap<>();
        for (Drawn drawn : counted) {
            long minute = (nowMs - drawn.minutesAgo() * 60_000L) / 60_000;
            add(drawn, windows.computeIfAbsent(minute, fresh -> new TreeMap<>()));
        }
        return windows;
    }

    private static void add(Drawn drawn, Map<String, Long> sums) {
        sum(sums, Measures.REQUESTS + "/0", 1);
        sum(sums, Measures.PAIRS + (drawn.challengerFails() ? "/2" : drawn.agrees() ? "/0" : "/1"), 1);
        sum(sums, Measures.ATTEMPTS + "/2", 1);
        sum(sums, Measures.ATTEMPTS + "/4", 1);
        sum(sums, Measures.ATTEMPTS + "/5", drawn.challengerFails() ? 1 : 0);
        sum(sums, Measures.USER_LATENCY + '/' + LogGrid.cell((double) drawn.latencyUs()), 1);
        sum(sums, Measures.USER_COST + "/0", drawn.nanos());
        sum(sums, Measures.USER_COST + "/1", 1);
    }

    private static void sum(Map<String, Long> sums, String name, long amount) {
        if (amount != 0) {
            sums.merge(name, amount, Long::sum);
        }
    }

    private static void block(int[] block, boolean apart) {
        if (block[0] < 20) {
            block[0]++;
            block[1] += apart ? 1 : 0;
        }
    }

    private static void close(String measure, Map<String, int[]> blocks, Map<String, Long> sums) {
        for (int[] block : blocks.values()) {
            if (block[0] == 20) {
                sum(sums, measure + '/' + (20 * 4096 + block[1] + 2048), 1);
            }
        }
    }

    private static Map<String, Long> flat(Tally tally) {
        return flat(tally, CHECKED);
    }

    static Map<String, Long> flat(Tally tally, List<String> measures) {
        Map<String, Long> flat = new TreeMap<>();
        for (String measure : measures) {
            Counts counts = tally.read(measure);
            for (int bucket : counts.buckets()) {
                flat.put(measure + '/' + bucket, counts.get(bucket));
            }
        }
        return flat;
    }

    private static Map<String, Long> withoutBlocks(Map<String, Long> flat) {
        flat.keySet().removeIf(name -> name.startsWith("blocks") || name.startsWith(Measures.DEVICES));
        return flat;
    }
}
