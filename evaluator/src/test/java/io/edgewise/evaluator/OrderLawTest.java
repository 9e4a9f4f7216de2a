// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is stored depends on the set of accepted observations alone: not on their order, on batches, on partitions, or
/// on how often each of them comes. Blocks of devices are left out: they are the first observations of a device, in the
/// order in which it sent them.
class OrderLawTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final int DEVICES = 9;
    private static final int CAP = 50;
    private static final String BLOCKS = "blocks";

    @Test
    void windowsAreTheSameBytesInWhateverOrderBatchesPartitionsAndRepeatsTheyCome() {
        anyWay(5_000);
    }

    @Test
    @Tag("slow")
    void windowsAreTheSameBytesInManyMoreWays() {
        anyWay(20_000);
    }

    private static void anyWay(int cases) {
        SeededCases.forAll(cases, random -> {
            List<Observation> observations = draw(random);
            Map<String, String> canonical = canonical(observations);

            Run run = new Run(1 + random.nextInt(12));
            for (Observation observation : shuffled(observations, random)) {
                run.accept(observation, 1 + random.nextInt(3));
                run.flushAtTimes(random);
            }

            assertThat(run.stored()).isEqualTo(canonical);
        });
    }

    /// Marks and blocks go with their senders. Records that were counted in the old topic come again in the new one.
    @Test
    void windowsAreTheSameBytesWhenTheTopicIsMadeAnewWithTwiceThePartitionsMidway() {
        grown(1_000);
    }

    @Test
    @Tag("slow")
    void windowsAreTheSameBytesInManyMoreTopicsMadeAnew() {
        grown(20_000);
    }

    private static void grown(int cases) {
        SeededCases.forAll(cases, random -> {
            List<Observation> observations = draw(random);
            Map<String, String> canonical = canonical(observations);

            List<Observation> shuffled = shuffled(observations, random);
            int half = random.nextInt(shuffled.size());
            Run run = new Run(6);
            for (Observation observation : shuffled.subList(0, half)) {
                run.accept(observation, 1 + random.nextInt(2));
                run.flushAtTimes(random);
            }
            run.makeAnew(12);
            List<Observation> rest = new ArrayList<>(shuffled.subList(half, shuffled.size()));
            shuffled.subList(0, half).stream()
                    .filter(_ -> random.nextInt(3) == 0)
                    .forEach(rest::add);
            for (Observation observation : shuffled(rest, random)) {
                run.accept(observation, 1 + random.nextInt(3));
                run.flushAtTimes(random);
            }

            assertThat(run.stored()).isEqualTo(canonical);
        });
    }

    private static List<Observation> shuffled(List<Observation> observations, SplittableRandom random) {
        List<Observation> shuffled = new ArrayList<>(observations);
        Collections.shuffle(shuffled, new Random(random.nextLong()));
        return shuffled;
    }

    /// In the order in which they were made, in one partition, once each and stored at once.
    private static Map<String, String> canonical(List<Observation> observations) {
        Run run = new Run(1);
        observations.forEach(observation -> run.accept(observation, 1));
        return run.stored();
    }

    private static List<Observation> draw(SplittableRandom random) {
        List<Observation> all = new ArrayList<>();
        long[] sequences = new long[DEVICES];
        for (int i = 20 + random.nextInt(60); i > 0; i--) {
            int device = random.nextInt(DEVICES);
            Observation.Builder next = Samples.pair(
                            "device-" + device, ++sequences[device], NOW - random.nextInt(240_000))
                    .setServedLatencyUs(1 + random.nextInt(3_000_000))
                    .setServedCost(Samples.money(random.nextInt(1_000_000)))
                    .setComparison(Samples.agreement(random.nextInt(4) > 0))
                    .putSlices("locale", "l" + random.nextInt(3));
            if (random.nextInt(8) == 0) {
                next.clearComparison().setArms(1, Samples.failed(Role.ROLE_CHALLENGER));
            }
            all.add(next.build());
        }
        return all;
    }

    /// The partitions of a topic, and all that was stored of them.
    private static final class Run {
        private final LaneTools tools = Benches.tools(CAP);
        private final Book book = Benches.book(tools);
        private final PartSums sums = new PartSums();
        private List<Lane> lanes;

        Run(int partitions) {
            lanes = lanes(partitions);
        }

        private List<Lane> lanes(int partitions) {
            List<Lane> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                LaneId id = new LaneId(Inlet.OBSERVATIONS, partition);
                all.add(new Lane(id, partitions, tools, book, new Lane.Claimed(0, 0)));
            }
            return all;
        }

        private Lane lane(String tenant, String device) {
            return lanes.get(Topics.partition(Topics.key(tenant, device), lanes.size()));
        }

        void accept(Observation observation, int times) {
            Lane lane = lane(observation.getTenant(), observation.getDevice());
            for (int i = 0; i < times; i++) {
                lane.accept(Samples.inbound(lane.nextOffset(), NOW, observation));
            }
        }

        void flushAtTimes(SplittableRandom random) {
            if (random.nextInt(10) == 0) {
                flush();
            }
        }

        private void flush() {
            book.changes().parts().forEach(sums::add);
            book.written();
            lanes.forEach(Lane::written);
        }

        /// All of the old topic was read.
        void makeAnew(int partitions) {
            flush();
            List<Lane> before = lanes;
            lanes = lanes(partitions);
            for (Lane lane : before) {
                DeviceRows rows = lane.rows();
                rows.marks()
                        .forEach(row -> lane(row.getKey().tenant(), row.getKey().sender())
                                .restore(row.getKey(), copy(row.getValue())));
                rows.blocks()
                        .forEach(row -> lane(row.getKey().tenant(), row.getKey().device())
                                .restore(
                                        row.getKey(),
                                        DeviceBlocks.decode(row.getValue().encode())));
            }
        }

        private static DeviceMark copy(DeviceMark mark) {
            return DeviceMark.restore(mark.through(), mark.lastSeq(), mark.ranges(), mark.accounts());
        }

        /// Bytes of all windows and of all evidence but blocks.
        Map<String, String> stored() {
            flush();
            Map<String, String> bytes = new TreeMap<>();
            sums.windows().forEach((key, tally) -> bytes.put(key.toString(), hex(tally)));
            sums.evidence().forEach((key, gain) -> bytes.put(key.toString(), hex(withoutBlocks(gain.tally()))));
            return bytes;
        }

        private static Tally withoutBlocks(Tally tally) {
            Tally rest = new Tally();
            for (String measure : tally.measures()) {
                if (!measure.startsWith(BLOCKS)) {
                    Counts counts = tally.read(measure);
                    for (int bucket : counts.buckets()) {
                        rest.add(measure, bucket, counts.get(bucket));
                    }
                }
            }
            return rest;
        }

        private static String hex(Tally tally) {
            return HexFormat.of().formatHex(tally.encode());
        }
    }
}
