// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MergeLawsTest {
    private static final int SEEDS = 60;

    static List<Samples<?>> exact() {
        return Samples.exact();
    }

    static List<Samples<?>> all() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("exact")
    <A extends Accumulator<A>> void mergesAreAssociativeAndCommutative(Samples<A> samples) {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            A a = samples.of(random, random.nextInt(60));
            A b = samples.of(random, random.nextInt(60));
            A c = samples.of(random, random.nextInt(60));

            assertSame(sum(a, b), sum(b, a), seed);
            assertSame(sum(sum(a, b), c), sum(a, sum(b, c)), seed);
        }
    }

    @ParameterizedTest
    @MethodSource("exact")
    <A extends Accumulator<A>> void anyTreeOfMergesOfPartsIsTheWhole(Samples<A> samples) {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int n = random.nextInt(1, 200);
            A whole = samples.of(new SplittableRandom(seed + 1000L), n);
            List<A> parts = new ArrayList<>();
            for (int i = random.nextInt(1, 9); i > 0; i--) {
                parts.add(samples.empty().get());
            }
            SplittableRandom same = new SplittableRandom(seed + 1000L);
            for (int i = 0; i < n; i++) {
                samples.add().accept(parts.get(random.nextInt(parts.size())), same);
            }
            while (parts.size() > 1) {
                A one = parts.remove(random.nextInt(parts.size()));
                int into = random.nextInt(parts.size());
                A decoded = over(one);
                parts.get(into).merge(random.nextBoolean() ? one : decoded);
            }

            assertSame(parts.getFirst(), whole, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    <A extends Accumulator<A>> void emptyOnesAddNothing(Samples<A> samples) {
        for (int seed = 0; seed < SEEDS; seed++) {
            A some = samples.of(new SplittableRandom(seed), 50);

            assertSame(sum(some, samples.empty().get()), some, seed);
            assertSame(sum(samples.empty().get(), some), some, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    <A extends Accumulator<A>> void mergesLeaveTheOtherOneAsItIs(Samples<A> samples) {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            A one = samples.of(random, 50);
            A other = samples.of(random, 50);
            byte[] before = other.encode();
            one.merge(other);
            samples.add().accept(one, random);

            assertThat(other.encode()).as("seed %s", seed).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("exact")
    <A extends Accumulator<A>> void oneMayBeMergedIntoItself(Samples<A> samples) {
        A one = samples.of(new SplittableRandom(7), 100);
        A twice = sum(one, one.copy());
        one.merge(one);

        assertSame(one, twice, 7);
    }

    @ParameterizedTest
    @MethodSource("all")
    <A extends Accumulator<A>> void aCopyCountsOnByItself(Samples<A> samples) {
        SplittableRandom random = new SplittableRandom(3);
        A one = samples.of(random, 30);
        A copy = one.copy();
        byte[] before = one.encode();
        for (int i = 0; i < 10; i++) {
            samples.add().accept(copy, random);
        }

        assertThat(one.encode()).isEqualTo(before);
        assertThat(copy).isNotEqualTo(one);
    }

    @Test
    void openOnesCommute() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            HeavyHitters a = new HeavyHitters(5);
            HeavyHitters b = new HeavyHitters(5);
            for (int i = 0; i < 300; i++) {
                (random.nextBoolean() ? a : b).add(Samples.label(random, 40));
            }

            assertSame(sum(a, b), sum(b, a), seed);
        }
    }

    @Test
    void countsThatCannotComeFromCountingAreRefusedAndNothingIsAdded() {
        QuantileSketch full = new QuantileSketch();
        full.add(5, Long.MAX_VALUE);
        LabelCounts labels = new LabelCounts();
        labels.add("a", Long.MAX_VALUE);
        HeavyHitters hitters = new HeavyHitters(3);
        hitters.add("a", Long.MAX_VALUE);
        Confusion confusion = new Confusion();
        confusion.add(0, 0, Long.MAX_VALUE);

        assertRefused(full);
        assertRefused(labels);
        assertRefused(hitters);
        assertRefused(confusion);
    }

    private static <A extends Accumulator<A>> void assertRefused(A full) {
        byte[] before = full.encode();

        assertThatThrownBy(() -> full.merge(full.copy()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("add up to more than");
        assertThat(full.encode()).isEqualTo(before);
    }

    @SuppressWarnings("unchecked") // a decoded one is of the kind that was encoded
    private static <A extends Accumulator<A>> A over(A one) {
        return (A) Accumulator.decode(one.encode());
    }

    private static <A extends Accumulator<A>> A sum(A one, A other) {
        A sum = one.copy();
        sum.merge(other);
        return sum;
    }

    private static void assertSame(Accumulator<?> one, Accumulator<?> other, int seed) {
        assertThat(one.encode()).as("seed %s: %s and %s", seed, one, other).isEqualTo(other.encode());
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    }
}
