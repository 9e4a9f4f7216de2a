// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.testkit.SeededCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is left of a spool whose process was killed, after the disk did something to its files: it
/// starts, every sequence that was acknowledged is delivered or declared, and nothing is invented.
final class SpoolFaultsTest {
    private static final int RECORDS = 40;
    private static final Bounds BOUNDS = new Bounds(1000, 1 << 20, Duration.ZERO);

    @TempDir
    Path folder = Path.of("");

    private final List<byte[]> written = new ArrayList<>();
    private long epoch;

    @BeforeEach
    void killAWriter() throws Exception {
        Path living = folder.resolve("living");
        try (Spool spool = open(living)) {
            epoch = spool.epoch();
            for (int i = 0; i < RECORDS; i++) {
                byte[] body = TestFormat.body("record " + i + " " + "x".repeat(i * 7));
                written.add(body);
                assertThat(spool.append(Lane.OBSERVATIONS, Weight.KEEP, body).get())
                        .isEqualTo(i + 1L);
            }
            copy(living, folder.resolve("killed"));
        }
    }

    private static Spool open(Path where) throws SpoolFailure {
        return Spool.open(where, Map.of(Lane.OBSERVATIONS, new TestFormat()), BOUNDS);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /// Opens what the fault left, and accounts for every sequence.
    private void check(Path where) throws Exception {
        try (Spool spool = open(where)) {
            long next = spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("next"))
                    .get();
            TreeSet<Long> accounted = new TreeSet<>();
            for (Observation record : all(spool)) {
                for (SeqRange range : record.getDroppedList()) {
                    LongStream.rangeClosed(range.getFirst(), range.getLast()).forEach(accounted::add);
                }
                if (record.getDroppedCount() == 0) {
                    assertThat(accounted.add(record.getSeq())).isTrue();
                    assertTrue(record, spool.epoch(), next);
                }
            }
            LaneCounts counts = spool.counts(Lane.OBSERVATIONS);
            assertThat((long) accounted.size()).isEqualTo(counts.lastSeq());
            if (spool.epoch() == epoch) {
                assertThat(next).isGreaterThan(RECORDS);
            }
        }
    }

    private void assertTrue(Observation record, long now, long next) {
        boolean isNext = record.getSeq() == next;
        String expected = isNext || now != epoch
                ? "next"
                : TestFormat.parse(written.get((int) record.getSeq() - 1)).getDropReason();
        assertThat(record.getDropReason()).isEqualTo(expected);
    }

    private static List<Observation> all(Spool spool) throws Exception {
        List<Observation> records = new ArrayList<>();
        long after = 0;
        while (after < spool.counts(Lane.OBSERVATIONS).lastSeq()) {
            List<Page.Stored> page = spool.read(Lane.OBSERVATIONS, spool.epoch(), after, 1000)
                    .get()
                    .records();
            page.forEach(stored -> records.add(TestFormat.parse(stored.bytes())));
            after = page.getLast().seq();
        }
        return records;
    }

    private void withWal(String name, byte[] wal) throws Exception {
        Path own = folder.resolve(name);
        copy(folder.resolve("killed"), own);
        Files.write(own.resolve("spool.db-wal"), wal);
        check(own);
        delete(own);
    }

    private static void delete(Path where) throws IOException {
        try (Stream<Path> files = Files.walk(where)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void givesNoSequenceTwiceWhereverItsLogIsCut() throws Exception {
        cut(5_003);
    }

    @Test
    @Tag("slow")
    void givesNoSequenceTwiceWhereverItsLogIsCutByteByByte() throws Exception {
        cut(1);
    }

    private void cut(int step) throws Exception {
        byte[] wal = Files.readAllBytes(folder.resolve("killed").resolve("spool.db-wal"));
        assertThat(wal.length).isGreaterThan(10_000);
        int from = step == 1 ? wal.length - 10_000 : 0;
        for (int length = from; length < wal.length; length += step) {
            withWal("cut-" + length, Arrays.copyOf(wal, length));
        }
    }

    @Test
    void deliversOrDeclaresWhateverBitsFlip() throws Exception {
        byte[] wal = Files.readAllBytes(folder.resolve("killed").resolve("spool.db-wal"));
        SeededCases.forAll(10, random -> {
            byte[] flipped = wal.clone();
            flip(flipped, random);
            withWal("flip-" + Long.toHexString(random.nextLong()), flipped);
        });
    }

    @Test
    void deliversOrDeclaresWhateverBitsFlipInAFileThatWasClosed() throws Exception {
        byte[] whole = Files.readAllBytes(folder.resolve("living").resolve("spool.db"));
        SeededCases.forAll(10, random -> {
            Path own = folder.resolve("closed-" + Long.toHexString(random.nextLong()));
            copy(folder.resolve("living"), own);
            byte[] flipped = whole.clone();
            flip(flipped, random);
            Files.write(own.resolve("spool.db"), flipped);
            check(own);
            delete(own);
        });
    }

    private static void flip(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
    }

    @Test
    void startsWhicheverFileIsGoneOrEmpty() throws Exception {
        for (String name : List.of("spool.db", "spool.db-wal", "spool.db-shm", "spool.high")) {
            for (boolean empty : List.of(true, false)) {
                Path own = folder.resolve(name + empty);
                copy(folder.resolve("killed"), own);
                if (empty) {
                    Files.write(own.resolve(name), new byte[0]);
                } else {
                    Files.deleteIfExists(own.resolve(name));
                }
                check(own);
            }
        }
    }

    @Test
    void startsWhereverItsSecondGuardIsCut() throws Exception {
        byte[] whole = Files.readAllBytes(folder.resolve("killed").resolve("spool.high"));
        for (int length = 0; length < whole.length; length++) {
            Path own = folder.resolve("high-" + length);
            copy(folder.resolve("killed"), own);
            Files.write(own.resolve("spool.high"), Arrays.copyOf(whole, length));
            check(own);
            delete(own);
        }
    }
}
