// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.testkit.SeededCases;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PoolEncoderTest {
    private static final long MINUTE = 1_000;

    private final MeasureTable measures = new MeasureTable();
    private final PoolEncoder encoder = new PoolEncoder();

    @Test
    void bytesAreThoseOfATallyWithTheSameContentFlushAfterFlush() {
        SeededCases.forAll(100, random -> {
            Group group = group();
            Pool pool = new Pool(1);
            for (int flush = 0; flush < 4; flush++) {
                isEncoded(random, group, pool, 1 + random.nextInt(30), 200);
                pool = pool.empty() ? pool : new Pool(1);
            }
        });
    }

    @Test
    void amountsThatCameToNothingInBetweenAreWrittenOnceOrNot() {
        Group group = group();
        Pool pool = new Pool(1);
        Delta delta = new Delta();
        int measure = measures.number("sum");
        for (long amount : new long[] {5, -5, 7, 0, -7, 3}) {
            delta.clear();
            delta.add(measure, 1, amount);
            delta.add(measure, 2, amount == 3 ? -3 : amount);
            pool.add(delta, new int[] {0}, 1, 0);
        }
        delta.clear();
        delta.add(measure, 2, 3);
        pool.add(delta, new int[] {0}, 1, 0);

        assertThat(part(group, pool).slices().getFirst().counted())
                .isEqualTo(new Tally().add("sum", 1, 3).encode());
    }

    @Test
    void aPoolOfAnySizeIsInOrder() {
        SeededCases.forAll(1, random -> isEncoded(random, group(), new Pool(1), 4_000, Integer.MAX_VALUE));
    }

    private void isEncoded(SplittableRandom random, Group group, Pool pool, int records, int buckets) {
        Map<Integer, Sums> sums = new TreeMap<>();
        Delta delta = new Delta();
        for (int record = 0; record < records; record++) {
            delta.clear();
            int[] slices = {0, group.slice("a=" + random.nextInt(3)), group.slice("b=" + random.nextInt(5))};
            int count = 1 + random.nextInt(slices.length);
            for (int slice = 0; slice < count; slice++) {
                sums.computeIfAbsent(slices[slice], unseen -> new Sums()).lastRecord = record;
            }
            for (int i = random.nextInt(80); i > 0; i--) {
                int number = random.nextInt(12);
                boolean isShown = number % 4 == 0;
                String name = "measure-" + number;
                int bucket = random.nextInt(buckets) - (random.nextBoolean() ? buckets / 2 : 0);
                long amount = random.nextLong(-2, 1_000_000);
                delta.add(isShown ? measures.shownOnly(name) : measures.number(name), bucket, amount);
                for (int slice = 0; slice < count; slice++) {
                    Sums of = sums.getOrDefault(slices[slice], new Sums());
                    (isShown ? of.shown : of.counted).add(name, bucket, amount);
                }
            }
            pool.add(delta, slices, count, record);
        }

        List<BookChanges.Slice> slices = part(group, pool).slices();
        String[] names = names(group);

        assertThat(slices)
                .extracting(BookChanges.Slice::name)
                .containsExactlyElementsOf(
                        sums.keySet().stream().map(each -> names[each]).toList());
        int at = 0;
        for (Sums of : sums.values()) {
            BookChanges.Slice slice = slices.get(at++);
            assertThat(slice.counted()).isEqualTo(of.counted.encode());
            assertThat(slice.shown()).isEqualTo(of.shown.isEmpty() ? new byte[0] : of.shown.encode());
            assertThat(slice.lastAppendMs()).isEqualTo(of.lastRecord);
        }
    }

    private BookChanges.Part part(Group group, Pool pool) {
        return encoder.part(new Group.Filled(group.key(), names(group), MINUTE, pool), measures.names());
    }

    private static String[] names(Group group) {
        group.pool(MINUTE);
        return group.filled().findFirst().orElseThrow().slices();
    }

    private static final class Sums {
        private final Tally counted = new Tally();
        private final Tally shown = new Tally();
        private int lastRecord;
    }

    private static Group group() {
        return new Group(
                new EvidenceKey("t", "w", "r", new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL)));
    }
}
