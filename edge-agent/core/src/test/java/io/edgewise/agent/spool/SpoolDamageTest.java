// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.SeqRange;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Single records that the disk damaged: whatever they are, the rest goes on.
@Timeout(60)
final class SpoolDamageTest {
    private static final int SECONDS = 20;

    @TempDir
    Path folder = Path.of("");

    private Spool open(long records, LaneFormat format) throws SpoolFailure {
        return Spool.open(
                folder, Map.of(Lane.OBSERVATIONS, format), new Bounds(records, 1 << 20, Duration.ofMillis(2)));
    }

    private Spool open(long records) throws SpoolFailure {
        return open(records, new TestFormat());
    }

    private static void append(Spool spool, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("record " + i)))
                    .succeedsWithin(Duration.ofSeconds(SECONDS));
        }
    }

    /// Turns every bit of these rows, whose checksums stay.
    private void damage(String which) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("spool.db"));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE record SET bytes = zeroblob(length(bytes)) WHERE " + which))
                    .isPositive();
        }
    }

    private static List<Observation> read(Spool spool, long after, int limit) throws Exception {
        return spool
                .read(Lane.OBSERVATIONS, spool.epoch(), after, limit)
                .get(SECONDS, TimeUnit.SECONDS)
                .records()
                .stream()
                .map(stored -> TestFormat.parse(stored.bytes()))
                .toList();
    }

    private static List<Observation> all(Spool spool, int firstPage) throws Exception {
        List<Observation> records = new ArrayList<>(read(spool, 0, firstPage));
        while (records.getLast().getSeq() < spool.counts(Lane.OBSERVATIONS).lastSeq()) {
            records.addAll(read(spool, records.getLast().getSeq(), 1_000));
        }
        return records;
    }

    private static List<Long> declared(List<Observation> records) {
        List<Long> declared = new ArrayList<>();
        for (Observation record : records) {
            for (SeqRange range : record.getDroppedList()) {
                LongStream.rangeClosed(range.getFirst(), range.getLast()).forEach(declared::add);
            }
        }
        return declared;
    }

    @Test
    void aDamagedRecordWithADamagedDeclarationBehindItKeepsNothingElseFromBeingSent() throws Exception {
        long declaration;
        long dropped;
        try (Spool spool = open(40)) {
            append(spool, 50);
            List<Observation> records = read(spool, 0, 1_000);
            declaration = records.stream()
                    .filter(record -> record.getDroppedCount() > 0)
                    .mapToLong(Observation::getSeq)
                    .max()
                    .orElseThrow();
            dropped = spool.counts(Lane.OBSERVATIONS).dropped();
        }
        damage("weight = 2 OR seq = (SELECT min(seq) FROM record)");
        notHanded();
        try (Spool spool = open(1_000)) {
            List<Observation> first = read(spool, 0, 5);
            assertThat(first).hasSize(4);
            long damaged = first.getFirst().getSeq() - 1;
            append(spool, 1);

            List<Observation> sent = all(spool, 5);
            assertThat(declared(sent)).contains(damaged, declaration).doesNotHaveDuplicates();
            assertThat(sent).extracting(Observation::getDropReason).contains("record 49", "record 0");
            assertThat(spool.counts(Lane.OBSERVATIONS).dropped())
                    .as("the record, and two declarations; that of before was counted")
                    .isEqualTo(dropped + 3);
        }
    }

    /// As if none of it had been read before.
    private void notHanded() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("spool.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE lane SET handed = 0");
        }
    }

    @Test
    void nothingIsDeclaredTwiceWhereAPageHoldsADeclarationAndAnotherDamagedRecord() throws Exception {
        try (Spool spool = open(1_000)) {
            append(spool, 20);
        }
        damage("seq = 1");
        try (Spool spool = open(1_000)) {
            assertThat(read(spool, 0, 5)).extracting(Observation::getSeq).containsExactly(2L, 3L, 4L, 5L);
        }
        damage("seq = 10");
        try (Spool spool = open(1_000)) {
            List<Observation> sent = all(spool, 1_000);

            assertThat(declared(sent)).containsExactlyInAnyOrder(1L, 10L, 21L, 22L);
            assertThat(spool.counts(Lane.OBSERVATIONS).dropped()).isEqualTo(4);
        }
    }

    @Test
    void aReadThatFailsInsideTheSpoolFailsAloneAndTheSpoolGoesOn() throws Exception {
        try (Spool spool = open(1_000)) {
            append(spool, 3);
        }
        damage("seq = 1");
        AtomicBoolean fails = new AtomicBoolean(true);
        TestFormat usual = new TestFormat();
        LaneFormat failing = new LaneFormat() {
            @Override
            public byte[] stamp(byte[] body, Place place) {
                return usual.stamp(body, place);
            }

            @Override
            public byte[] drops(List<SeqRange> ranges, String reason, Place place) {
                if (fails.getAndSet(false)) {
                    throw new IllegalStateException("for this test");
                }
                return usual.drops(ranges, reason, place);
            }

            @Override
            public Declared dropsIn(byte[] record) {
                return usual.dropsIn(record);
            }
        };
        try (Spool spool = open(1_000, failing)) {
            assertThat(spool.read(Lane.OBSERVATIONS, spool.epoch(), 0, 10))
                    .failsWithin(Duration.ofSeconds(SECONDS))
                    .withThrowableThat()
                    .withMessageContaining("for this test");

            append(spool, 1);
            assertThat(read(spool, 0, 10)).extracting(Observation::getSeq).containsExactly(2L, 3L, 4L);
            assertThat(spool.counts(Lane.OBSERVATIONS).dropped()).isEqualTo(2);
        }
    }
}
