// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.testkit.SeededCases;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PoolTest {
    private record Place(int slice, int measure, int bucket) {}

    @Test
    void everySliceHoldsTheSumOfItsRecords() {
        SeededCases.forAll(100, random -> {
            Pool pool = new Pool(random.nextInt(6));
            Map<Place, Long> sums = new HashMap<>();
            Map<Integer, Long> latest = new HashMap<>();
            Delta delta = new Delta();
            int buckets = 1 + random.nextInt(300);
            int slices = 1 + random.nextInt(20);
            for (int record = 0; record < 300; record++) {
                delta.clear();
                for (int i = random.nextInt(90); i > 0; i--) {
                    delta.add(random.nextInt(40), bucket(random, buckets), random.nextLong(1_000_000_000_000L));
                }
                int[] places = {0, 1 + random.nextInt(slices), slices + 1 + random.nextInt(slices)};
                int count = 1 + random.nextInt(3);
                long appendMs = random.nextInt(4) == 0 ? 0 : random.nextLong(1_000);
                pool.add(delta, places, count, appendMs);
                for (int i = 0; i < count; i++) {
                    latest.merge(places[i], appendMs, Math::max);
                    for (int at = 0; at < delta.size(); at++) {
                        sums.merge(
                                new Place(places[i], delta.measure(at), delta.bucket(at)), delta.amount(at), Long::sum);
                    }
                }
            }
            sums.values().removeIf(sum -> sum == 0);

            Map<Place, Long> held = new HashMap<>();
            Buckets added = pool.sums();
            for (int slice = 0; slice < added.slices(); slice++) {
                assertThat(added.isUsed(slice)).isEqualTo(latest.containsKey(slice));
                assertThat(added.lastAppendMs(slice)).isEqualTo(latest.getOrDefault(slice, 0L));
                for (int at = 0; at < added.touches(); at++) {
                    if (added.amount(at, slice) != 0) {
                        held.put(new Place(slice, added.measure(at), added.bucket(at)), added.amount(at, slice));
                    }
                }
            }
            assertThat(held).isEqualTo(sums);
        });
    }

    /// Buckets of grids may be negative, those of labels take all 31 bits.
    private static int bucket(SplittableRandom random, int buckets) {
        int bucket = random.nextInt(buckets);
        return switch (bucket % 3) {
            case 0 -> bucket;
            case 1 -> -bucket;
            default -> Integer.MAX_VALUE - bucket;
        };
    }
}
