// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/// What is stored depends on the set of accepted observations alone.
class OrderLawTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final int DEVICES = 9;
    private static final int CAP = 50;

    @Test
    void windowsAreTheSameBytesInWhateverOrderBatchesPartitionsAndRepeatsTheyCome() {
        SeededCases.forAll(300, random -> {
            List<Observation> observations = draw(random);
            Map<String, String> canonical = count(observations, 1, random.split(), false);

            List<Observation> shuffled = new ArrayList<>(observations);
            Collections.shuffle(shuffled, new Random(random.nextLong()));
            int partitions = 1 + random.nextInt(12);

            assertThat(count(shuffled, partitions, random.split(), true)).isEqualTo(canonical);
        });
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

    /// Each device in one partition, flushed now and then; every record up to three times where repeated.
    private static Map<String, String> count(
            List<Observation> observations, int partitions, SplittableRandom random, boolean isRepeated) {
        LaneTools tools = Benches.tools(CAP);
        Book book = Benches.book(tools);
        List<Lane> lanes = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            lanes.add(Benches.lane(Inlet.OBSERVATIONS, tools, book));
        }
        PartSums sums = new PartSums();
        for (Observation observation : observations) {
            Lane lane = lanes.get(Math.floorMod(observation.getDevice().hashCode(), partitions));
            for (int times = isRepeated ? 1 + random.nextInt(3) : 1; times > 0; times--) {
                lane.accept(Samples.inbound(lane.nextOffset(), NOW, observation));
            }
            if (random.nextInt(10) == 0) {
                flush(book, lanes, sums);
            }
        }
        flush(book, lanes, sums);
        Map<String, String> bytes = new TreeMap<>();
        sums.windows()
                .forEach(
                        (key, tally) -> bytes.put(key.toString(), HexFormat.of().formatHex(tally.encode())));
        return bytes;
    }

    private static void flush(Book book, List<Lane> lanes, PartSums sums) {
        book.changes().parts().forEach(sums::add);
        book.written();
        lanes.forEach(Lane::written);
    }
}
