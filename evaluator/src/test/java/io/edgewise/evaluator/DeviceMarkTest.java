// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeviceMarkTest {
    /// One record of a spool: an arrival with its fate, or a declaration of drops.
    private record Step(long seq, DeviceMark.Fate fate, List<SeqRange> dropped) {
        boolean apply(DeviceMark mark) {
            return dropped.isEmpty() ? mark.offer(seq, fate) : mark.drop(dropped, seq);
        }
    }

    @Test
    void anyOrderRepetitionAndSplittingGivesTheSameAccounts() {
        SeededCases.forAll(400, random -> {
            List<Step> history = history(random, 1 + random.nextInt(200));
            DeviceMark inOrder = new DeviceMark();
            history.forEach(step -> step.apply(inOrder));

            List<Step> shuffled = new ArrayList<>(history);
            for (int i = random.nextInt(20); i > 0; i--) {
                shuffled.add(history.get(random.nextInt(history.size())));
            }
            shuffle(shuffled, random);
            DeviceMark mark = new DeviceMark();
            int repeated = 0;
            for (Step step : shuffled) {
                if (random.nextInt(10) == 0) {
                    mark = restored(mark);
                }
                repeated += step.apply(mark) ? 0 : 1;
                assertThat(mark.imbalance()).isZero();
            }

            assertThat(mark.through()).isEqualTo(inOrder.through());
            assertThat(mark.ranges()).isEqualTo(inOrder.ranges());
            assertThat(mark.openGaps()).isEqualTo(inOrder.openGaps());
            assertThat(withoutDuplicates(mark)).isEqualTo(withoutDuplicates(inOrder));
            assertThat(mark.accounts().duplicates()).isEqualTo(repeated).isEqualTo(shuffled.size() - history.size());
        });
    }

    @Test
    void theIdentityHoldsWhateverASenderClaims() {
        SeededCases.forAll(300, random -> {
            DeviceMark mark = new DeviceMark();
            Set<Long> accounted = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                long seq = 1L + random.nextInt(400);
                if (random.nextInt(4) == 0) {
                    long first = 1 + random.nextLong(seq);
                    mark.drop(List.of(range(first, first + random.nextLong(seq - first + 1))), seq);
                } else {
                    boolean known = mark.covers(seq);
                    assertThat(mark.offer(seq, DeviceMark.Fate.COUNTED)).isEqualTo(!known);
                    accounted.add(seq);
                }
                mark.reaches(random.nextInt(500));
                assertThat(mark.imbalance()).isZero();
                assertThat(mark.openGaps()).isNotNegative();
            }
            assertThat(accounted).allMatch(mark::covers);
        });
    }

    @Test
    void aFilledGapIsForgotten() {
        DeviceMark mark = new DeviceMark();
        mark.offer(1, DeviceMark.Fate.COUNTED);
        mark.offer(4, DeviceMark.Fate.COUNTED);

        assertThat(mark.through()).isEqualTo(1);
        assertThat(mark.openGaps()).isEqualTo(2);

        mark.drop(List.of(range(2, 2)), 3);

        assertThat(mark.through()).isEqualTo(4);
        assertThat(mark.ranges()).isEmpty();
        assertThat(mark.accounts()).isEqualTo(new DeviceMark.Accounts(2, 0, 0, 2, 0, 0));
    }

    @Test
    void theOldestGapIsGivenUpBeyondAThousandRanges() {
        DeviceMark mark = new DeviceMark();
        for (int i = 0; i <= DeviceMark.MAX_RANGES; i++) {
            mark.offer(5 + 2L * i, DeviceMark.Fate.COUNTED);
        }

        assertThat(mark.through()).isEqualTo(5);
        assertThat(mark.accounts().lost()).isEqualTo(4);
        assertThat(mark.offer(3, DeviceMark.Fate.COUNTED)).isFalse();
        assertThat(mark.imbalance()).isZero();
    }

    @Test
    void hugeSequencesDoNotOverflow() {
        DeviceMark mark = new DeviceMark();
        mark.offer(Long.MAX_VALUE, DeviceMark.Fate.COUNTED);
        mark.drop(List.of(range(1, Long.MAX_VALUE - 1)), Long.MAX_VALUE);

        assertThat(mark.through()).isEqualTo(Long.MAX_VALUE);
        assertThat(mark.accounts().dropped()).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(mark.imbalance()).isZero();
    }

    /// Every sequence once: arrived, or declared as dropped; a few never come.
    private static List<Step> history(SplittableRandom random, int length) {
        List<Step> steps = new ArrayList<>();
        long seq = 0;
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(8)) {
                case 0 -> {
                    long first = seq + 1;
                    seq += 1 + random.nextInt(5);
                    steps.add(new Step(seq, DeviceMark.Fate.COUNTED, List.of(range(first, seq))));
                }
                case 1 -> seq += 1 + random.nextInt(3);
                case 2 -> steps.add(new Step(++seq, DeviceMark.Fate.LATE, List.of()));
                case 3 -> steps.add(new Step(++seq, DeviceMark.Fate.REJECTED, List.of()));
                default -> steps.add(new Step(++seq, DeviceMark.Fate.COUNTED, List.of()));
            }
        }
        steps.add(new Step(++seq, DeviceMark.Fate.COUNTED, List.of()));
        return steps;
    }

    private static SeqRange range(long first, long last) {
        return SeqRange.newBuilder().setFirst(first).setLast(last).build();
    }

    private static DeviceMark restored(DeviceMark mark) {
        return DeviceMark.restore(mark.through(), mark.lastSeq(), mark.ranges(), mark.accounts());
    }

    private static DeviceMark.Accounts withoutDuplicates(DeviceMark mark) {
        DeviceMark.Accounts all = mark.accounts();
        return new DeviceMark.Accounts(all.counted(), all.late(), all.rejected(), all.dropped(), all.lost(), 0);
    }

    private static void shuffle(List<Step> steps, SplittableRandom random) {
        for (int i = steps.size() - 1; i > 0; i--) {
            java.util.Collections.swap(steps, i, random.nextInt(i + 1));
        }
    }
}
