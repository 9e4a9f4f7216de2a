// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.evaluator.BookChanges.Disagreement;
import io.edgewise.evaluator.wire.Request;
import io.edgewise.evaluator.wire.WireReader;
import io.edgewise.evaluator.wire.Words;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DisagreementsTest {
    private static final long NOW_MS = 1_760_000_000_000L;
    private static final int SIZE = SamplePolicy.DEFAULT.perWindow();

    private static WindowKey window(long minute) {
        return new WindowKey(
                Samples.TENANT, Samples.WORKLOAD, Samples.ROLLOUT, minute, 0, Cohort.COHORT_CONTROL, "all");
    }

    /// An instance with one partition of its own, and what it stored.
    private static final class Instance {
        private final List<Inbound> log = new ArrayList<>();
        private final List<byte[]> stored = new ArrayList<>();
        private final List<Disagreement> rows = new ArrayList<>();
        private Lane.Claimed at = new Lane.Claimed(0, 0);
        private Book book;
        private Lane lane;
        private int read;

        Instance() {
            start();
        }

        private void start() {
            LaneTools tools = Benches.tools(3);
            book = Benches.book(tools);
            lane = new Lane(new LaneId(Inlet.OBSERVATIONS, 0), 1, tools, book, at);
            stored.forEach(lane::restoreLog);
            read = (int) at.nextOffset();
        }

        void append(Observation observation) {
            log.add(Samples.inbound(log.size(), NOW_MS, observation));
        }

        boolean readOne() {
            if (read < log.size()) {
                lane.accept(log.get(read++));
            }
            return read < log.size();
        }

        void flush() {
            LaneChanges changes = lane.changes();
            stored.add(changes.log());
            rows.addAll(book.changes().disagreements());
            at = new Lane.Claimed(changes.nextOffset(), changes.lastAppendMs());
            lane.written();
            book.written();
        }
    }

    private static Observation draw(SplittableRandom random, String device, long seq) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        Observation.Builder drawn = Samples.pair(device, seq, NOW_MS - random.nextInt(3) * 60_000L)
                .setId(ByteString.copyFrom(id))
                .setPairingSelected(random.nextInt(5) > 0)
                .setEscalated(random.nextInt(5) == 0)
                .setComparison(Samples.agreement(random.nextInt(3) == 0));
        if (random.nextInt(8) == 0) {
            drawn.clearComparison().setArms(1, Samples.failed(Role.ROLE_CHALLENGER));
        }
        return drawn.build();
    }

    private static boolean disagrees(Observation message) {
        return (message.getPairingSelected() || message.getEscalated())
                && message.hasComparison()
                && !message.getComparison().getAgrees();
    }

    private static Map<WindowKey, NavigableMap<Long, ByteString>> smallest(List<Disagreement> rows) {
        Map<WindowKey, NavigableMap<Long, ByteString>> samples = new HashMap<>();
        for (Disagreement row : rows) {
            NavigableMap<Long, ByteString> sample = samples.computeIfAbsent(row.window(), unseen -> new TreeMap<>());
            sample.put(row.chance(), ByteString.copyFrom(row.observation()));
            if (sample.size() > SIZE) {
                sample.pollLastEntry();
            }
        }
        return samples;
    }

    @Test
    void theSampleIsTheSameAfterCrashesAndOverAllInstances() {
        SeededCases.forAll(60, random -> {
            Lottery lottery = new Lottery(Samples.SECRETS.sampleKey());
            WireReader reader = new WireReader(new Words());
            List<Instance> instances = List.of(new Instance(), new Instance());
            List<Disagreement> expected = new ArrayList<>();
            for (int device = 0; device < 6; device++) {
                Instance to = instances.get(device % 2);
                for (long seq = 1; seq <= 40; seq++) {
                    Observation message = draw(random, "device-" + device, seq);
                    to.append(message);
                    if (random.nextInt(4) == 0) {
                        to.append(message);
                    }
                    if (disagrees(message)) {
                        Request request = new Request();
                        reader.readSound(message.toByteArray(), request);
                        expected.add(new Disagreement(
                                window(message.getEventTimeMs() / 60_000),
                                lottery.chance(request),
                                message.toByteArray()));
                    }
                }
            }

            List<Disagreement> rows = new ArrayList<>();
            for (Instance instance : instances) {
                while (instance.readOne()) {
                    switch (random.nextInt(60)) {
                        case 0 -> instance.start();
                        case 1, 2 -> instance.flush();
                        default -> {}
                    }
                }
                instance.flush();
                rows.addAll(instance.rows);
            }

            assertThat(smallest(rows)).isEqualTo(smallest(expected));
            Set<Long> chances = new HashSet<>();
            rows.forEach(row -> assertThat(chances.add(row.chance())).isTrue());
            assertThat(rows).hasSizeLessThanOrEqualTo(expected.size());
        });
    }

    @Test
    void whatIsLateOrNoTrafficIsNotSampled() {
        Instance instance = new Instance();
        instance.append(Samples.pair("late", 1, NOW_MS - 90_000_000)
                .setComparison(Samples.agreement(false))
                .build());
        Observation.Builder emulated = Samples.pair("emulated", 1, NOW_MS).setComparison(Samples.agreement(false));
        emulated.getContextBuilder().setEmulated(true);
        instance.append(emulated.build());
        instance.readOne();
        instance.readOne();
        instance.flush();

        assertThat(instance.rows).isEmpty();
    }

    @Test
    void memoryDoesNotGrowWithWindowsOrRecords() {
        Disagreements disagreements = new Disagreements(SamplePolicy.DEFAULT);
        SplittableRandom random = new SplittableRandom(3);
        Observation.Builder pair = Samples.pair("device", 1, NOW_MS);
        Arm wordy = pair.getArms(0).toBuilder().setText("word ".repeat(2_000)).build();
        byte[] record = pair.setArms(0, wordy).build().toByteArray();
        for (int minute = 0; minute < 4_500; minute++) {
            UniformSample sample = disagreements.of(window(minute));
            for (int i = 0; i < 9; i++) {
                disagreements.offer(sample, random.nextLong(), record);
            }
            if (minute % 100 == 99) {
                long rows = disagreements.fresh().size();
                assertThat(rows).isEqualTo(100L * SIZE);
                assertThat(disagreements.freshBytes()).isBetween(rows, rows * Excerpt.MOST_BYTES);
                disagreements.written();
                assertThat(disagreements.freshBytes()).isZero();
                assertThat(disagreements.fresh()).isEmpty();
                assertThat(disagreements.remembered()).isLessThanOrEqualTo(Disagreements.MOST_REMEMBERED);
            }
        }
        assertThat(disagreements.remembered()).isEqualTo(Disagreements.MOST_REMEMBERED);
    }

    @Test
    void noneIsKeptWhereNoneIsWanted() {
        Disagreements disagreements = new Disagreements(new SamplePolicy(0, false));
        disagreements.offer(disagreements.of(window(1)), Long.MIN_VALUE, new byte[1]);

        assertThat(disagreements.fresh()).isEmpty();
        assertThatThrownBy(() -> new SamplePolicy(65, false))
                .hasMessageContaining("between 0, which keeps none, and 64");
    }
}
