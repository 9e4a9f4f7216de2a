// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.SeqRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {
    private static final Map<Lane, LaneFormat> FORMATS =
            Map.of(Lane.OBSERVATIONS, new TestFormat(), Lane.FEEDBACK, new TestFormat());

    @TempDir
    Path folder = Path.of("");

    private Spool open(long records) throws SpoolFailure {
        return Spool.open(folder, FORMATS, new Bounds(records, 1 << 20, Duration.ofMillis(2)));
    }

    private static List<Observation> all(Spool spool, Lane lane) throws InterruptedException, ExecutionException {
        return spool.read(lane, spool.epoch(), 0, 10_000).get().records().stream()
                .map(stored -> TestFormat.parse(stored.bytes()))
                .toList();
    }

    private static void append(Spool spool, Lane lane, Weight weight, int count) {
        offer(spool, lane, weight, count).forEach(CompletableFuture::join);
    }

    /// Waits for each to be durable or shed at once.
    private static List<CompletableFuture<Long>> offer(Spool spool, Lane lane, Weight weight, int count) {
        List<CompletableFuture<Long>> appends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            appends.add(spool.append(lane, weight, TestFormat.body("record " + i)));
        }
        appends.forEach(append -> append.exceptionally(_ -> 0L).join());
        return appends;
    }

    @Test
    void countsEachLaneFromOneWithoutGapsAndRemembersAcrossLives() throws Exception {
        long epoch;
        try (Spool spool = open(1000)) {
            epoch = spool.epoch();
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 5);
            append(spool, Lane.FEEDBACK, Weight.KEEP, 2);
        }
        try (Spool spool = open(1000)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 1);

            assertThat(spool.epoch()).isEqualTo(epoch).isNotZero();
            assertThat(all(spool, Lane.OBSERVATIONS))
                    .extracting(Observation::getSeq)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(all(spool, Lane.FEEDBACK))
                    .extracting(Observation::getSeq)
                    .containsExactly(1L, 2L);
            assertThat(all(spool, Lane.OBSERVATIONS).getLast().getTotals().getLastSeq())
                    .isEqualTo(6);
            assertThat(all(spool, Lane.OBSERVATIONS)).allMatch(record -> record.getSpoolEpoch() == epoch);
        }
    }

    @Test
    void forgetsWhatWasAcknowledgedAndGoesOnCounting() throws Exception {
        try (Spool spool = open(1000)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 10);
            spool.acknowledge(Lane.OBSERVATIONS, spool.epoch(), 7, 7);
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 1);
            assertThat(spool.counts(Lane.OBSERVATIONS)).isEqualTo(new LaneCounts(4, 11, 7, 0));
        }
        try (Spool spool = open(1000)) {
            assertThat(all(spool, Lane.OBSERVATIONS))
                    .extracting(Observation::getSeq)
                    .containsExactly(8L, 9L, 10L, 11L);
            assertThat(spool.counts(Lane.OBSERVATIONS)).isEqualTo(new LaneCounts(4, 11, 7, 0));
        }
    }

    @Test
    void keepsCountingWhenAllWasAcknowledgedBeforeARestart() throws Exception {
        try (Spool spool = open(1000)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 3);
            spool.acknowledge(Lane.OBSERVATIONS, spool.epoch(), 3, 3);
        }
        try (Spool spool = open(1000)) {
            assertThat(spool.counts(Lane.OBSERVATIONS)).isEqualTo(new LaneCounts(0, 3, 3, 0));
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 1);
            assertThat(spool.counts(Lane.OBSERVATIONS).lastSeq()).isEqualTo(4);
        }
    }

    @Test
    void shedsTheOldestShadowPairsFirstAndDeclaresEverySequence() throws Exception {
        try (Spool spool = open(40)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 10);
            append(spool, Lane.OBSERVATIONS, Weight.SHADOW_PAIR, 25);
            offer(spool, Lane.OBSERVATIONS, Weight.KEEP, 40);

            List<Observation> records = all(spool, Lane.OBSERVATIONS);
            assertThat(records).hasSizeLessThanOrEqualTo(41);
            assertAccounted(records, spool.counts(Lane.OBSERVATIONS));
            Observation drops = records.stream()
                    .filter(record -> record.getKind() == ObservationKind.OBSERVATION_KIND_DROPS)
                    .toList()
                    .getLast();
            assertThat(drops.getDropped(drops.getDroppedCount() - 1).getLast()).isEqualTo(drops.getSeq());
        }
    }

    @Test
    void keepsTheRestWhileThereAreShadowPairs() throws Exception {
        try (Spool spool = open(40)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 10);
            append(spool, Lane.OBSERVATIONS, Weight.SHADOW_PAIR, 25);
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 6);

            // 41 are one too many: four go, the oldest pairs, and the record that says so comes.
            List<Observation> records = all(spool, Lane.OBSERVATIONS);
            assertThat(records)
                    .extracting(Observation::getSeq)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, 42)
                            .filter(seq -> seq <= 10 || seq > 14)
                            .boxed()
                            .toList());
            assertThat(records.getLast().getDroppedList())
                    .extracting(SeqRange::getFirst)
                    .containsExactly(11L, 42L);
        }
    }

    @Test
    void shedsEveryShadowPairBeforeTheFirstOfTheRest() throws Exception {
        int pairs = 6_000;
        try (Spool spool = open(100_000)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 10);
            append(spool, Lane.OBSERVATIONS, Weight.SHADOW_PAIR, pairs);
            int size = new TestFormat().stamp(TestFormat.body("record 100"), new LaneFormat.Place(1, 1_000, 0)).length;
            int large = (1 << 20) - (1 << 20) / 20 - 800 * size;
            spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("x".repeat(large)))
                    .get();

            List<Observation> records = all(spool, Lane.OBSERVATIONS);
            assertThat(records).extracting(Observation::getSeq).startsWith(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
            assertThat(spool.counts(Lane.OBSERVATIONS).dropped()).isGreaterThan(5_000);
            assertAccounted(records, spool.counts(Lane.OBSERVATIONS));
        }
    }

    @Test
    void doesNotCallARecordDurableThatAFullSpoolShedAtOnce() throws Exception {
        try (Spool spool = open(40)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 40);
            assertThat(all(spool, Lane.OBSERVATIONS)).hasSize(40);
        }
        try (Spool spool = open(40)) {
            assertThat(spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("late")))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(SpoolFailure.class)
                    .withMessageContaining("is full: record 41 was shed");

            assertAccounted(all(spool, Lane.OBSERVATIONS), spool.counts(Lane.OBSERVATIONS));
        }
    }

    @Test
    void accountsForEverySequenceInAnyMix() throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom cases = new SplittableRandom(seed);
            Path own = Files.createDirectory(folder.resolve("case-" + seed));
            try (Spool spool = Spool.open(own, FORMATS, new Bounds(30, 1 << 20, Duration.ZERO))) {
                List<Observation> sent = new ArrayList<>();
                long through = 0;
                for (int round = 0; round < 12; round++) {
                    offer(
                            spool,
                            Lane.OBSERVATIONS,
                            cases.nextBoolean() ? Weight.KEEP : Weight.SHADOW_PAIR,
                            1 + cases.nextInt(25));
                    if (cases.nextInt(3) == 0) {
                        Page page = spool.read(Lane.OBSERVATIONS, spool.epoch(), through, 1 + cases.nextInt(30))
                                .get();
                        page.records().forEach(stored -> sent.add(TestFormat.parse(stored.bytes())));
                        through = page.records().getLast().seq();
                        spool.acknowledge(
                                Lane.OBSERVATIONS,
                                page.epoch(),
                                through,
                                page.records().size());
                    }
                }
                append(spool, Lane.OBSERVATIONS, Weight.KEEP, 1);
                spool.read(Lane.OBSERVATIONS, spool.epoch(), through, 10_000)
                        .get()
                        .records()
                        .forEach(stored -> sent.add(TestFormat.parse(stored.bytes())));
                try {
                    assertAccounted(sent, spool.counts(Lane.OBSERVATIONS));
                } catch (AssertionError e) {
                    throw new AssertionError("seed " + seed, e);
                }
            }
        }
    }

    /// Every sequence arrives once, as a record or inside a declared range.
    private static void assertAccounted(List<Observation> records, LaneCounts counts) {
        TreeSet<Long> seen = new TreeSet<>();
        long dropped = 0;
        long before = 0;
        for (Observation record : records) {
            assertThat(record.getSeq()).isGreaterThan(before);
            before = record.getSeq();
            if (record.getKind() != ObservationKind.OBSERVATION_KIND_DROPS) {
                assertThat(seen.add(record.getSeq())).isTrue();
            }
            for (SeqRange range : record.getDroppedList()) {
                assertThat(range.getLast()).isLessThanOrEqualTo(record.getSeq());
                for (long seq = range.getFirst(); seq <= range.getLast(); seq++) {
                    assertThat(seen.add(seq)).as("sequence %s twice", seq).isTrue();
                    dropped++;
                }
            }
        }
        assertThat(seen).hasSize((int) counts.lastSeq());
        assertThat(seen.getLast()).isEqualTo(counts.lastSeq());
        assertThat(dropped).isEqualTo(counts.dropped());
    }

    @Test
    void setsADamagedFileAsideAndStartsANewEpoch() throws Exception {
        long epoch;
        try (Spool spool = open(1000)) {
            epoch = spool.epoch();
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 50);
        }
        byte[] bytes = Files.readAllBytes(folder.resolve("spool.db"));
        for (int i = 0; i < bytes.length; i += 3) {
            bytes[i] ^= 0x5a;
        }
        Files.write(folder.resolve("spool.db"), bytes);

        try (Spool spool = open(1000)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 1);

            assertThat(spool.epoch()).isNotEqualTo(epoch);
            assertThat(spool.setAside())
                    .hasValueSatisfying(
                            aside -> assertThat(aside.resolve("spool.db")).hasBinaryContent(bytes));
            assertThat(all(spool, Lane.OBSERVATIONS))
                    .extracting(Observation::getSeq)
                    .containsExactly(1L);
        }
    }

    @Test
    void startsFromAnyTruncation() throws Exception {
        try (Spool spool = open(1000)) {
            append(spool, Lane.OBSERVATIONS, Weight.KEEP, 50);
        }
        byte[] bytes = Files.readAllBytes(folder.resolve("spool.db"));
        for (int length = 1; length < bytes.length; length += bytes.length / 8) {
            Path own = Files.createDirectory(folder.resolve("cut-" + length));
            Files.write(own.resolve("spool.db"), java.util.Arrays.copyOf(bytes, length));
            try (Spool spool = Spool.open(own, FORMATS, Bounds.DEFAULT)) {
                append(spool, Lane.OBSERVATIONS, Weight.KEEP, 1);
                assertThat(spool.counts(Lane.OBSERVATIONS).lastSeq()).isPositive();
            }
        }
    }

    @Test
    void refusesAFolderThatAnotherAgentUses() throws IOException, SpoolFailure {
        try (Spool _ = open(1000)) {
            assertThatThrownBy(() -> open(1000))
                    .isInstanceOf(SpoolFailure.class)
                    .hasMessageContaining("in use by another agent");
        }
    }

    @Test
    void tellsTheCallerWhenItIsClosed() throws SpoolFailure {
        Spool spool = open(1000);
        spool.close();

        assertThat(spool.append(Lane.OBSERVATIONS, Weight.KEEP, new byte[0])).isCompletedExceptionally();
    }

    @Test
    void recordsThatComeApartAreWrittenTogetherWhenThereAreEnough() throws Exception {
        CountDownLatch secondIsAwaited = new CountDownLatch(2);
        CountDownLatch thirdIsAwaited = new CountDownLatch(3);
        AtomicBoolean isOpen = new AtomicBoolean();
        Surroundings watched = new Surroundings(Optional.empty(), () -> 0, () -> {
            if (isOpen.get()) {
                secondIsAwaited.countDown();
                thirdIsAwaited.countDown();
            }
            return 0;
        });
        Bounds three = new Bounds(1_000, 1 << 20, Duration.ofDays(1), Duration.ofHours(1), 3);
        try (Spool spool = Spool.open(folder, FORMATS, three, watched)) {
            isOpen.set(true);
            CompletableFuture<Long> first = spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("1"));
            secondIsAwaited.await();
            CompletableFuture<Long> second = spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("2"));
            thirdIsAwaited.await();
            assertThat(first).isNotDone();

            CompletableFuture<Long> third = spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("3"));

            assertThat(List.of(first.join(), second.join(), third.join())).containsExactly(1L, 2L, 3L);
        }
    }
}
