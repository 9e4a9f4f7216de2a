// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.ValueGrid;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Lanes against a ledger that knows nothing of pools and groups: one map per window and stratum, one entry at a time.
class CountingTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final int CAP = 3;
    private static final List<String> ROLLOUTS = List.of(Samples.ROLLOUT, "01J8ZQ4Y7N3T5V6W8X9Y0Z1A2C", "");
    private static final List<String> EVIDENCE = List.of(
            Measures.REQUESTS,
            Measures.SERVED,
            Measures.ATTEMPTS,
            Measures.PAIRS,
            Measures.AGREEMENT_SCORE,
            Measures.PAIR_LABELS + 1,
            Measures.PAIR_LABELS + 2,
            Measures.USER_LATENCY,
            Measures.USER_COST);
    private static final List<String> SHOWN = List.of(Measures.ARRIVAL, Measures.FEATURE + "words");

    /// One request as it was drawn.
    private record Drawn(
            String rollout,
            Stratum stratum,
            long eventMs,
            long appendMs,
            String champion,
            String challenger,
            boolean fails,
            long latencyUs,
            long nanos,
            int words,
            String deviceClass,
            String attribute,
            String value) {}

    private final Map<String, Map<String, Set<String>>> admitted = new HashMap<>();
    private final Map<WindowKey, Map<String, Long>> windows = new HashMap<>();
    private final Map<EvidenceKey, Map<String, Long>> evidence = new HashMap<>();
    private final Map<String, Long> counters = new HashMap<>();

    @Test
    void lanesCountWhatALedgerCounts() {
        SeededCases.forAll(25, random -> {
            List.of(admitted, windows, evidence, counters).forEach(Map::clear);
            LaneTools tools = Benches.tools(CAP);
            Book book = Benches.book(tools);
            Lane lane = Benches.lane(Inlet.OBSERVATIONS, tools, book);
            Map<WindowKey, Tally> storedWindows = new HashMap<>();
            Map<EvidenceKey, Tally> storedEvidence = new HashMap<>();
            Map<String, Long> storedCounters = new HashMap<>();
            List<Observation> sent = new ArrayList<>();
            for (int seq = 1; seq <= 600; seq++) {
                Drawn drawn = draw(random);
                Observation observation = observation(drawn, seq);
                if (random.nextInt(10) == 0) {
                    notTraffic(random, seq, lane);
                } else if (!sent.isEmpty() && random.nextInt(10) == 0) {
                    accept(lane, drawn.appendMs(), sent.get(random.nextInt(sent.size())));
                    counters.merge(Counters.DUPLICATES, 1L, Long::sum);
                } else {
                    accept(lane, drawn.appendMs(), observation);
                    sent.add(observation);
                    count(drawn);
                }
                if (random.nextInt(50) == 0 || seq == 600) {
                    BookChanges changes = book.changes();
                    Written.windows(changes)
                            .forEach(entry -> storedWindows
                                    .computeIfAbsent(entry.getKey(), unseen -> new Tally())
                                    .merge(entry.getValue()));
                    Written.evidence(changes)
                            .forEach(row -> storedEvidence
                                    .computeIfAbsent(row.key(), unseen -> new Tally())
                                    .merge(row.tally()));
                    changes.counters().forEach(entry -> storedCounters.put(entry.getKey(), entry.getValue()));
                    book.written();
                    lane.written();
                }
            }

            assertThat(flat(storedWindows)).isEqualTo(windows);
            assertThat(flat(storedEvidence)).isEqualTo(evidence);
            storedEvidence
                    .values()
                    .forEach(tally -> assertThat(tally.measures()).doesNotContainAnyElementsOf(SHOWN));
            storedCounters.keySet().removeIf(name -> name.startsWith(Counters.DEAD_LETTER));
            assertThat(storedCounters).isEqualTo(counters);
            assertThat(admitted.getOrDefault(Samples.ROLLOUT, Map.of())).hasSize(Slices.MOST_ATTRIBUTES + 1);
        });
    }

    private static Drawn draw(SplittableRandom random) {
        String rollout = ROLLOUTS.get(random.nextInt(4) % ROLLOUTS.size());
        Stratum stratum = rollout.isEmpty()
                ? new Stratum(0, Cohort.COHORT_UNSPECIFIED, 0, false, Stratum.ALL)
                : new Stratum(
                        random.nextInt(3),
                        random.nextBoolean() ? Cohort.COHORT_CONTROL : Cohort.COHORT_CANARY,
                        random.nextBoolean() ? 10_000 : 700,
                        random.nextInt(5) == 0,
                        Stratum.ALL);
        long appendMs = NOW + random.nextInt(600_000);
        return new Drawn(
                rollout,
                stratum,
                appendMs + 60_000 - random.nextInt(200_000),
                appendMs,
                "label-" + random.nextInt(6),
                "label-" + random.nextInt(6),
                random.nextInt(8) == 0,
                1 + random.nextInt(1_000_000),
                random.nextInt(3) == 0 ? 0 : random.nextInt(100_000),
                random.nextInt(40),
                List.of("phone", "tablet", "", "x".repeat(65), "watch", "car", "other")
                        .get(random.nextInt(7)),
                "attribute-" + random.nextInt(50),
                List.of("", "a", "b", "c", "d", "ä", "tab\u0085", "other").get(random.nextInt(8)));
    }

    private static Observation observation(Drawn drawn, long seq) {
        Observation.Builder all = Samples.pair("device-1", seq, drawn.eventMs())
                .setRollout(drawn.rollout())
                .setStage(drawn.stratum().stage())
                .setCohort(drawn.stratum().cohort())
                .setPairingRateBp(drawn.stratum().pairingRateBp())
                .setEscalated(drawn.stratum().escalated())
                .setServedLatencyUs(drawn.latencyUs())
                .setServedCost(Samples.money(drawn.nanos()))
                .setArms(0, Samples.champion(drawn.champion()))
                .setArms(1, Samples.challenger(drawn.challenger(), 0.5))
                .setComparison(Samples.agreement(drawn.champion().equals(drawn.challenger())))
                .putFeatures("words", drawn.words())
                .putSlices(drawn.attribute(), drawn.value());
        if (drawn.fails()) {
            all.clearComparison().setArms(1, Samples.failed(Role.ROLE_CHALLENGER));
        }
        all.getContextBuilder().setDeviceClass(drawn.deviceClass());
        return all.build();
    }

    private void notTraffic(SplittableRandom random, long seq, Lane lane) {
        Observation.Builder all = Samples.pair("device-1", seq, NOW);
        switch (random.nextInt(4)) {
            case 0 -> {
                all.setEventTimeMs(NOW - 86_400_001);
                counters.merge(Counters.LATE, 1L, Long::sum);
            }
            case 1 -> {
                all = Samples.holdout("device-1", seq, NOW, false);
                counters.merge(Counters.HOLDOUT, 1L, Long::sum);
            }
            case 2 -> {
                all.getContextBuilder().setEmulated(true);
                counters.merge(Counters.EMULATED, 1L, Long::sum);
            }
            default -> {
                all.setServedLatencyUs(-1);
                counters.merge(Counters.DEAD_LETTERS, 1L, Long::sum);
            }
        }
        accept(lane, NOW, all.build());
    }

    private static void accept(Lane lane, long appendMs, Observation observation) {
        lane.accept(Samples.inbound(lane.nextOffset(), appendMs, observation));
    }

    private void count(Drawn drawn) {
        if (drawn.eventMs() - drawn.appendMs() > 5_000) {
            counters.merge(Counters.CLOCK_AHEAD, 1L, Long::sum);
        }
        List<String> slices = new ArrayList<>(List.of(Stratum.ALL));
        slice(drawn.rollout(), drawn.attribute(), drawn.value(), slices);
        slice(drawn.rollout(), Slices.DEVICE_CLASS, drawn.deviceClass(), slices);
        Map<String, Long> adds = adds(drawn);
        for (String slice : slices) {
            Stratum in = drawn.stratum();
            WindowKey window = new WindowKey(
                    Samples.TENANT,
                    Samples.WORKLOAD,
                    drawn.rollout(),
                    Math.min(drawn.eventMs(), drawn.appendMs()) / 60_000,
                    in.stage(),
                    in.cohort(),
                    slice);
            Map<String, Long> sums = windows.computeIfAbsent(window, unseen -> new HashMap<>());
            adds.forEach((name, amount) -> sums.merge(name, amount, Long::sum));
            if (!drawn.rollout().isEmpty()) {
                Stratum stratum = new Stratum(in.stage(), in.cohort(), in.pairingRateBp(), in.escalated(), slice);
                Map<String, Long> total = evidence.computeIfAbsent(
                        new EvidenceKey(Samples.TENANT, Samples.WORKLOAD, drawn.rollout(), stratum),
                        unseen -> new HashMap<>());
                adds.forEach((name, amount) -> {
                    if (SHOWN.stream().noneMatch(name::startsWith)) {
                        total.merge(name, amount, Long::sum);
                    }
                });
            }
        }
    }

    private void slice(String rollout, String attribute, String value, List<String> slices) {
        if (value.isEmpty()) {
            return;
        }
        Map<String, Set<String>> attributes = admitted.computeIfAbsent(rollout, unseen -> new LinkedHashMap<>());
        boolean declared = !attribute.equals(Slices.DEVICE_CLASS);
        long others = attributes.keySet().stream()
                .filter(name -> !name.equals(Slices.DEVICE_CLASS))
                .count();
        if (declared && !attributes.containsKey(attribute) && others >= Slices.MOST_ATTRIBUTES) {
            counters.merge(Counters.SLICE_DROPPED, 1L, Long::sum);
            return;
        }
        Set<String> values = attributes.computeIfAbsent(attribute, unseen -> new HashSet<>());
        boolean plain = value.length() <= 64 && !value.equals("other") && !value.contains("\u0085");
        if (plain && values.size() < CAP) {
            values.add(value);
        }
        if (values.contains(value)) {
            slices.add(attribute + '=' + value);
        } else {
            slices.add(attribute + "=other");
            counters.merge(Counters.SLICE_OTHER, 1L, Long::sum);
        }
    }

    private static Map<String, Long> adds(Drawn drawn) {
        Map<String, Long> adds = new HashMap<>();
        boolean agrees = drawn.champion().equals(drawn.challenger());
        adds.put(Measures.REQUESTS + "/0", 1L);
        adds.put(Measures.SERVED + "/1", 1L);
        adds.put(Measures.ATTEMPTS + "/2", 1L);
        adds.put(Measures.ATTEMPTS + "/4", 1L);
        adds.put(Measures.USER_LATENCY + '/' + LogGrid.cell((double) drawn.latencyUs()), 1L);
        adds.put(Measures.ARRIVAL + '/' + LogGrid.cell((double) (drawn.appendMs() - drawn.eventMs())), 1L);
        adds.put(Measures.USER_COST + "/1", 1L);
        if (drawn.nanos() > 0) {
            adds.put(Measures.USER_COST + "/0", drawn.nanos());
        }
        if (drawn.fails()) {
            adds.put(Measures.ATTEMPTS + "/5", 1L);
            adds.put(Measures.PAIRS + "/2", 1L);
            return adds;
        }
        adds.put(Measures.FEATURE + "words/" + ValueGrid.cell(drawn.words()), 1L);
        adds.put(Measures.PAIRS + (agrees ? "/0" : "/1"), 1L);
        adds.put(Measures.AGREEMENT_SCORE + "/1", 1L);
        if (agrees) {
            adds.put(Measures.AGREEMENT_SCORE + "/0", 1_000_000_000L);
        }
        adds.put(Measures.PAIR_LABELS + "1/" + LabelHash.bucket(drawn.champion()), 1L);
        adds.put(Measures.PAIR_LABELS + "2/" + LabelHash.bucket(drawn.challenger()), 1L);
        return adds;
    }

    private static <K> Map<K, Map<String, Long>> flat(Map<K, Tally> all) {
        Map<K, Map<String, Long>> flat = new HashMap<>();
        all.forEach((key, tally) -> {
            Map<String, Long> sums = new HashMap<>();
            List<String> measures = new ArrayList<>(EVIDENCE);
            measures.addAll(SHOWN);
            for (String measure : measures) {
                Counts counts = tally.read(measure);
                for (int bucket : counts.buckets()) {
                    sums.put(measure + '/' + bucket, counts.get(bucket));
                }
            }
            flat.put(key, sums);
        });
        return flat;
    }
}
