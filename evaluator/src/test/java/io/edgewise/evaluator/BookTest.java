// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.wire.Words;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BookTest {
    private static final int MEASURES = 12;

    /// A database: parts added up.
    private static final class Stored {
        private final Map<EvidenceKey, Tally> evidence = new HashMap<>();
        private final Map<EvidenceKey, Long> lastAppendMs = new HashMap<>();
        private final Map<WindowKey, Tally> windows = new HashMap<>();
        private final PartSums sums = new PartSums();

        void store(BookChanges changes) {
            for (Written.Evidence row : Written.evidence(changes)) {
                evidence.computeIfAbsent(row.key(), unseen -> new Tally()).merge(row.tally());
                lastAppendMs.merge(row.key(), row.lastAppendMs(), Math::max);
            }
            Written.windows(changes)
                    .forEach(entry -> windows.computeIfAbsent(entry.getKey(), unseen -> new Tally())
                            .merge(entry.getValue()));
            changes.parts().forEach(sums::add);
        }
    }

    /// Record by record, into one tally each: what the book must come to.
    private static final class Naive {
        private final Map<EvidenceKey, Tally> evidence = new HashMap<>();
        private final Map<EvidenceKey, Long> lastAppendMs = new HashMap<>();
        private final Map<WindowKey, Tally> windows = new HashMap<>();
        private final Set<String> rollouts = new HashSet<>();
    }

    private final Words words = new Words();
    private final LaneTools tools = Benches.tools(3);
    private final Delta delta = new Delta();

    @Test
    void settlingIsAddingRecordByRecord() {
        SeededCases.forAll(60, random -> {
            Stored stored = new Stored();
            Book book = new Book(tools);
            Naive naive = new Naive();
            for (int i = 0; i < 500; i++) {
                record(random, book, naive);
                if (random.nextInt(40) == 0) {
                    flush(book, stored, naive, random.nextInt(3) == 0);
                }
            }
            flush(book, stored, naive, true);

            assertThat(stored.windows).isEqualTo(naive.windows);
            assertThat(stored.evidence).isEqualTo(naive.evidence);
            assertThat(stored.lastAppendMs).isEqualTo(naive.lastAppendMs);
            assertThat(book.isDirty()).isFalse();
        });
    }

    @Test
    void addingPartsUpIsAddingRecordByRecord() {
        SeededCases.forAll(30, random -> {
            Stored stored = new Stored();
            Book book = new Book(tools);
            Naive naive = new Naive();
            for (int i = 0; i < 500; i++) {
                record(random, book, naive);
                if (random.nextInt(40) == 0) {
                    flush(book, stored, naive, false);
                }
            }
            flush(book, stored, naive, false);

            Map<EvidenceKey, Tally> evidence = new HashMap<>();
            Map<EvidenceKey, Long> lastAppendMs = new HashMap<>();
            stored.sums.evidence().forEach((key, gain) -> {
                evidence.put(key, gain.tally());
                lastAppendMs.put(key, gain.lastAppendMs());
            });
            assertThat(evidence).isEqualTo(naive.evidence);
            assertThat(lastAppendMs).isEqualTo(naive.lastAppendMs);
            assertThat(stored.sums.windows()).hasSameSizeAs(naive.windows);
            naive.windows.forEach((key, tally) -> assertThat(stored.sums.windows())
                    .containsEntry(
                            new PeriodKey(
                                    key.tenant(),
                                    key.rollout(),
                                    key.workload(),
                                    key.slice(),
                                    key.stage(),
                                    key.cohort().getNumber(),
                                    key.minute()),
                            tally));
        });
    }

    @Test
    void aStratumThatNothingComesForIsForgotten() {
        SeededCases.forAll(3, random -> {
            Stored stored = new Stored();
            Book book = new Book(tools);
            Naive naive = new Naive();
            for (int part = 0; part < 3; part++) {
                for (int i = 0; i < 200; i++) {
                    record(random, book, naive);
                }
                flush(book, stored, naive, false);
                assertThat(book.groups()).isPositive();
                for (int idle = 0; idle <= Book.IDLE_FLUSHES; idle++) {
                    flush(book, stored, naive, false);
                }
                assertThat(book.groups()).isZero();
            }

            assertThat(stored.windows).isEqualTo(naive.windows);
            assertThat(stored.evidence).isEqualTo(naive.evidence);
            assertThat(stored.lastAppendMs).isEqualTo(naive.lastAppendMs);
        });
    }

    private void record(SplittableRandom random, Book book, Naive naive) {
        EvidenceKey key = key(random);
        Stratum stratum = key.stratum();
        Group group = book.group(
                words.of(key.tenant()),
                words.of(key.workload()),
                words.of(key.rollout()),
                stratum.stage(),
                stratum.cohort().getNumber(),
                stratum.pairingRateBp(),
                stratum.escalated());
        delta.clear();
        Tally shown = new Tally();
        Tally counted = new Tally();
        fill(random, shown, counted);
        List<String> slices = new ArrayList<>(List.of(Stratum.ALL));
        if (random.nextBoolean()) {
            slices.add("locale=l" + random.nextInt(3));
        }
        if (random.nextBoolean()) {
            slices.add("class=other");
        }
        int[] places = slices.stream().mapToInt(group::slice).toArray();
        long minute = random.nextInt(10) == 0 ? Group.NO_WINDOW : 1_000 + random.nextLong(4);
        long appendMs = random.nextInt(5) == 0 ? 0 : random.nextLong(10_000);
        group.pool(minute).add(delta, places, places.length, appendMs);
        for (String slice : slices) {
            if (minute != Group.NO_WINDOW) {
                naive.windows
                        .computeIfAbsent(
                                new WindowKey(
                                        key.tenant(),
                                        "w",
                                        key.rollout(),
                                        minute,
                                        stratum.stage(),
                                        stratum.cohort(),
                                        slice),
                                unseen -> new Tally())
                        .merge(shown);
            }
            if (!key.rollout().isEmpty()) {
                EvidenceKey its = Written.withSlice(key, slice);
                naive.evidence.computeIfAbsent(its, unseen -> new Tally()).merge(counted);
                naive.lastAppendMs.merge(its, appendMs, Math::max);
                naive.rollouts.add(key.rollout());
            }
        }
    }

    private static EvidenceKey key(SplittableRandom random) {
        boolean inRollout = random.nextInt(5) > 0;
        Stratum stratum = inRollout
                ? new Stratum(
                        random.nextInt(2),
                        random.nextBoolean() ? Cohort.COHORT_CONTROL : Cohort.COHORT_CANARY,
                        random.nextBoolean() ? 10_000 : 500,
                        random.nextInt(4) == 0,
                        Stratum.ALL)
                : new Stratum(0, Cohort.COHORT_UNSPECIFIED, 0, false, Stratum.ALL);
        return new EvidenceKey("t" + random.nextInt(2), "w", inRollout ? "r" + random.nextInt(3) : "", stratum);
    }

    /// Draws what one record adds: to windows, and to evidence, which has no measures that are only shown.
    private void fill(SplittableRandom random, Tally shown, Tally counted) {
        for (int i = random.nextInt(8); i > 0; i--) {
            int number = random.nextInt(MEASURES);
            String name = "measure-" + number;
            boolean isShownOnly = number % 4 == 0;
            int bucket = random.nextInt(50) - 10;
            long amount = random.nextLong(1_000_000_000L);
            delta.add(
                    isShownOnly
                            ? tools.measures().shownOnly(name)
                            : tools.measures().number(name),
                    bucket,
                    amount);
            shown.add(name, bucket, amount);
            if (!isShownOnly) {
                counted.add(name, bucket, amount);
            }
        }
    }

    private static void flush(Book book, Stored stored, Naive naive, boolean twice) {
        BookChanges changes = book.changes();
        assertThat(changes.rollouts()).isEqualTo(naive.rollouts);
        if (twice) {
            Stored once = new Stored();
            once.store(changes);
            Stored again = new Stored();
            again.store(book.changes());
            assertThat(again.evidence).isEqualTo(once.evidence);
            assertThat(again.lastAppendMs).isEqualTo(once.lastAppendMs);
            assertThat(again.windows).isEqualTo(once.windows);
        }
        stored.store(changes);
        book.written();
        naive.rollouts.clear();
    }

    @Test
    void labelsBeyondTheCapAreCountedTogether() {
        String labels = Measures.PAIR_LABELS + 1;
        int number = tools.measures().number(labels);
        Stored stored = new Stored();
        Book book = new Book(tools);
        for (int flush = 0; flush < 3; flush++) {
            Group group = book.group(words.of("t"), words.of("w"), words.of("r"), 0, 1, 10_000, false);
            for (int label = 0; label < 3_000; label++) {
                delta.clear();
                delta.add(number, flush * 2_000 + label);
                group.pool(flush).add(delta, new int[] {0}, 1, 1);
            }
            stored.store(book.changes());
            book.written();
        }

        Tally all = stored.sums.evidence().values().iterator().next().tally();
        assertThat(all.read(labels).buckets())
                .hasSize(LabelCap.MOST_LABELS + 1)
                .startsWith(LabelCap.OTHER_LABEL, 0, 1, 2);
        assertThat(all.sum(labels)).isEqualTo(9_000);
        // Those that came in time go on being counted by name.
        assertThat(all.get(labels, 2_500)).isEqualTo(2);
        assertThat(all.get(labels, LabelCap.OTHER_LABEL)).isEqualTo(9_000 - 4_096 - 1_000 - 96);
        stored.windows.values().forEach(window -> assertThat(window.sum(labels)).isEqualTo(3_000));
    }

    @Test
    void countersGoOnFromWhatIsStored() {
        Book book = Benches.book(tools);
        book.restore(Counters.LATE, 40);
        book.restore(Counters.HOLDOUT, 7);
        book.counters().add(Counters.LATE, 2);
        book.counters().add(Counters.HOLDOUT, 0);

        assertThat(book.isDirty()).isTrue();
        assertThat(book.changes().counters()).containsExactly(Map.entry(Counters.LATE, 42L));
        book.written();
        assertThat(book.isDirty()).isFalse();
        assertThat(book.changes().counters()).isEmpty();
    }
}
