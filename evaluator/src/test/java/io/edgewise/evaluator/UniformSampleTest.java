// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.wire.Request;
import io.edgewise.evaluator.wire.WireReader;
import io.edgewise.evaluator.wire.Words;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UniformSampleTest {
    private static final long NOW_MS = 1_760_000_000_000L;
    private static final WindowKey WINDOW =
            new WindowKey(Samples.TENANT, Samples.WORKLOAD, Samples.ROLLOUT, 1, 0, Cohort.COHORT_CONTROL, "all");
    private static final int SIZE = 8;

    private static void offer(UniformSample sample, long chance, byte[] content) {
        if (sample.isWanted(chance)) {
            sample.add(chance, content);
        }
    }

    private static Map<Long, byte[]> fresh(UniformSample sample) {
        Map<Long, byte[]> fresh = new TreeMap<>();
        sample.fresh(fresh::put);
        return fresh;
    }

    /// Each of 50 is drawn in 8 of 50 runs, within four and a half standard deviations of 4,000 runs.
    @Test
    void everyDisagreementIsEquallyLikely() {
        int runs = 4_000;
        int offered = 50;
        WireReader reader = new WireReader(new Words());
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < offered; i++) {
            Request request = new Request();
            reader.readSound(
                    Samples.pair("device-" + i % 3, 1 + i, NOW_MS).build().toByteArray(), request);
            requests.add(request);
        }
        SplittableRandom random = new SplittableRandom(20_261_121);
        int[] drawn = new int[offered];
        for (int run = 0; run < runs; run++) {
            byte[] key = new byte[16];
            random.nextBytes(key);
            Lottery lottery = new Lottery(key);
            UniformSample sample = new UniformSample(WINDOW, SIZE);
            for (int i = 0; i < offered; i++) {
                offer(sample, lottery.chance(requests.get(i)), new byte[] {(byte) i});
            }
            assertThat(fresh(sample)).hasSize(SIZE);
            fresh(sample).values().forEach(content -> drawn[content[0]]++);
        }

        double chance = (double) SIZE / offered;
        double limit = 4.5 * Math.sqrt(runs * chance * (1 - chance));
        for (int i = 0; i < offered; i++) {
            assertThat(drawn[i] - runs * chance).as("disagreement %d", i).isBetween(-limit, limit);
        }
    }

    @Test
    void theSmallestOfTwoHalvesAreTheSampleOfTheWhole() {
        SeededCases.forAll(300, random -> {
            int size = random.nextInt(12);
            UniformSample whole = new UniformSample(WINDOW, size);
            UniformSample left = new UniformSample(WINDOW, size);
            UniformSample right = new UniformSample(WINDOW, size);
            NavigableMap<Long, byte[]> all = new TreeMap<>();
            for (int i = random.nextInt(200); i > 0; i--) {
                long chance = random.nextLong();
                byte[] content = new byte[] {(byte) i};
                all.put(chance, content);
                offer(whole, chance, content);
                offer(random.nextBoolean() ? left : right, chance, content);
            }

            UniformSample merged = new UniformSample(WINDOW, size);
            left.fresh((chance, content) -> offer(merged, chance, content));
            right.fresh((chance, content) -> offer(merged, chance, content));

            while (all.size() > size) {
                all.pollLastEntry();
            }
            assertThat(fresh(whole)).isEqualTo(all);
            assertThat(fresh(merged)).isEqualTo(all);
        });
    }

    @Test
    void whatWasWrittenTurnsLargerChancesAwayAndIsNotWrittenAgain() {
        UniformSample sample = new UniformSample(WINDOW, 2);
        sample.add(10, new byte[3]);
        sample.add(-5, new byte[3]);
        sample.written();

        assertThat(sample.isDirty()).isFalse();
        assertThat(fresh(sample)).isEmpty();
        assertThat(sample.isWanted(10)).isFalse();
        assertThat(sample.isWanted(9)).isTrue();
        assertThat(sample.add(9, new byte[4])).isEqualTo(4);
        assertThat(sample.add(8, new byte[1])).isEqualTo(1 - 4);
        assertThat(fresh(sample)).containsOnlyKeys(8L);
        assertThat(sample.isWanted(8)).isFalse();
    }
}
