// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.statistics.sketch.HeavyHitters.Bounds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeavyHittersTest {
    @Test
    void boundsHoldUnderAnyTreeOfMerges() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int capacity = random.nextInt(1, 20);
            int distinct = random.nextInt(1, 120);
            Map<String, Long> truth = new HashMap<>();
            List<HeavyHitters> parts = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                parts.add(new HeavyHitters(capacity));
            }
            for (int i = random.nextInt(2000); i > 0; i--) {
                String label = Samples.label(random, random.nextInt(1, distinct + 1));
                long times = random.nextInt(20) == 0 ? random.nextInt(100) : 1;
                parts.get(random.nextInt(parts.size())).add(label, times);
                truth.merge(label, times, Long::sum);
            }
            while (parts.size() > 1) {
                HeavyHitters one = parts.remove(random.nextInt(parts.size()));
                parts.get(random.nextInt(parts.size())).merge(HeavyHitters.decode(one.encode()));
            }

            assertBounds(parts.getFirst(), truth, seed);
        }
    }

    private static void assertBounds(HeavyHitters hitters, Map<String, Long> truth, int seed) {
        long total = truth.values().stream().mapToLong(Long::longValue).sum();
        assertThat(hitters.total()).as("seed %s", seed).isEqualTo(total);
        assertThat(hitters.error()).as("seed %s", seed).isBetween(0L, total / (hitters.capacity() + 1));
        truth.forEach((label, count) -> {
            Bounds bounds = hitters.bounds(label);
            assertThat(count).as("seed %s, %s", seed, bounds).isBetween(bounds.lower(), bounds.upper());
            if (count > hitters.error()) {
                assertThat(hitters.top(hitters.capacity())).as("seed %s", seed).contains(bounds);
            }
        });
        assertThat(hitters.top(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(hitters.capacity());
        assertThat(hitters.bounds("never counted")).isEqualTo(new Bounds("never counted", 0, hitters.error()));
        if (truth.values().stream().filter(count -> count > 0).count() <= hitters.capacity()) {
            assertThat(hitters.error()).as("seed %s", seed).isZero();
        }
    }

    @Test
    void isExactUpToItsCapacity() {
        HeavyHitters hitters = new HeavyHitters(2);
        hitters.add("b");
        hitters.add("a");
        hitters.add("a");
        assertThat(hitters.top(9)).containsExactly(new Bounds("a", 2, 2), new Bounds("b", 1, 1));
        assertThat(hitters.top(1)).containsExactly(new Bounds("a", 2, 2));
        assertThat(hitters.error()).isZero();

        hitters.add("c");
        assertThat(hitters.top(9)).containsExactly(new Bounds("a", 1, 2));
        assertThat(hitters.error()).isOne();
        assertThat(hitters.total()).isEqualTo(4);
    }

    /// Three labels of 60 %, 20 % and 10 % among a thousand rare ones.
    @Test
    void findsTheFrequentOnesAmongMany() {
        SplittableRandom random = new SplittableRandom(5);
        HeavyHitters hitters = new HeavyHitters(50);
        for (int i = 0; i < 100_000; i++) {
            double u = random.nextDouble();
            hitters.add(u < 0.6 ? "a" : u < 0.8 ? "b" : u < 0.9 ? "c" : "rare " + random.nextInt(1000));
        }

        assertThat(hitters.top(3)).extracting(Bounds::label).containsExactly("a", "b", "c");
        assertThat(hitters.error()).isLessThan(300);
    }

    @Test
    void nothingIsKnownOfNothing() {
        HeavyHitters nothing = new HeavyHitters(3);
        nothing.add("a", 0);
        assertThat(nothing.total()).isZero();
        assertThat(nothing.top(3)).isEmpty();
        assertThat(nothing.bounds("a")).isEqualTo(new Bounds("a", 0, 0));
    }

    @Test
    void mistakesAreNamed() {
        HeavyHitters hitters = new HeavyHitters(3);
        assertThatThrownBy(() -> new HeavyHitters(0)).hasMessageContaining("capacity 0 must be from 1");
        assertThatThrownBy(() -> new HeavyHitters(1 << 21)).hasMessageContaining("capacity 2097152");
        assertThatThrownBy(() -> hitters.add("a", -1)).hasMessageContaining("count -1 is negative");
        assertThatThrownBy(() -> hitters.add("\uD83D")).hasMessageContaining("half of a surrogate pair");
        assertThatThrownBy(() -> hitters.add("ü".repeat(513)))
                .hasMessageContaining("a label of 1026 bytes that starts with \"üüü");
        assertThatThrownBy(() -> hitters.merge(new HeavyHitters(4))).hasMessageContaining("capacities 3 and 4");
        hitters.add("ü".repeat(512));
        assertThat(HeavyHitters.decode(hitters.encode())).isEqualTo(hitters);
        assertThat(hitters.total()).isOne();
    }
}
