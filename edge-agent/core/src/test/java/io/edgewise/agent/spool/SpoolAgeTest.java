// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolAgeTest {
    private static final long DAY_MS = 86_400_000;

    @TempDir
    Path folder = Path.of("");

    private final AtomicLong wallMs = new AtomicLong(1_790_000_000_000L);
    private final AtomicLong nanos = new AtomicLong();

    private Spool open() throws SpoolFailure {
        return Spool.open(
                folder,
                Map.of(Lane.OBSERVATIONS, new TestFormat()),
                new Bounds(1000, 1 << 20, Duration.ofDays(14), Duration.ZERO, 64),
                new Surroundings(Optional.empty(), wallMs::get, nanos::get));
    }

    private void pass(long days) {
        wallMs.addAndGet(days * DAY_MS);
        nanos.addAndGet(days * DAY_MS * 1_000_000);
    }

    private static void append(Spool spool, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("x")).get();
        }
    }

    private static List<Observation> read(Spool spool) throws Exception {
        return spool.read(Lane.OBSERVATIONS, spool.epoch(), 0, 1000).get().records().stream()
                .map(stored -> TestFormat.parse(stored.bytes()))
                .toList();
    }

    @Test
    void declaresWhatGrewTooOldAsExpired() throws Exception {
        try (Spool spool = open()) {
            append(spool, 3);
            pass(10);
            append(spool, 1);
            pass(5);
            append(spool, 1);

            List<Observation> left = read(spool);
            assertThat(left).extracting(Observation::getSeq).containsExactly(4L, 5L, 6L);
            Observation drops = left.getLast();
            assertThat(drops.getDropReason()).isEqualTo("expired");
            assertThat(drops.getDroppedList())
                    .extracting(range -> range.getFirst() + "-" + range.getLast())
                    .containsExactly("1-3", "6-6");
            assertThat(spool.counts(Lane.OBSERVATIONS).dropped()).isEqualTo(4);
        }
    }

    @Test
    void expiresNothingBecauseTheWallClockJumped() throws Exception {
        try (Spool spool = open()) {
            append(spool, 1);
            wallMs.addAndGet(20_000 * DAY_MS);
            nanos.addAndGet(61_000_000_000L);
            append(spool, 1);
        }
        wallMs.addAndGet(-40_000 * DAY_MS);
        try (Spool spool = open()) {
            append(spool, 1);
        }
        wallMs.addAndGet(40_000 * DAY_MS);
        try (Spool spool = open()) {
            append(spool, 1);
            assertThat(read(spool)).extracting(Observation::getSeq).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void countsTheTimeBetweenTwoLives() throws Exception {
        try (Spool spool = open()) {
            append(spool, 1);
        }
        for (int life = 0; life < 3; life++) {
            wallMs.addAndGet(6 * DAY_MS);
            try (Spool spool = open()) {
                nanos.addAndGet(61_000_000_000L);
                append(spool, 1);
            }
        }
        try (Spool spool = open()) {
            assertThat(read(spool).getLast().getDropReason()).isEqualTo("expired");
        }
    }

    @Test
    void shedsInALaterLifeWhatWasNeverSentAndNothingElse() throws Exception {
        try (Spool spool = open()) {
            append(spool, 600);
            spool.read(Lane.OBSERVATIONS, spool.epoch(), 0, 5).get();
        }
        try (Spool spool = open()) {
            append(spool, 600);
            List<Observation> left = read(spool);
            assertThat(left.subList(0, 5)).extracting(Observation::getSeq).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(spool.counts(Lane.OBSERVATIONS).dropped()).isGreaterThan(200);
            assertThat(spool.counts(Lane.OBSERVATIONS).pending()).isLessThanOrEqualTo(1000);
        }
    }

    @Test
    void readsAFileOfTheFirstFormat() throws Exception {
        try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("spool.db"));
                Statement statement = file.createStatement()) {
            statement.executeUpdate(
                    "CREATE TABLE spool (id INTEGER PRIMARY KEY CHECK (id = 0), epoch INTEGER NOT NULL)");
            statement.executeUpdate("CREATE TABLE lane (lane INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL,"
                    + " dropped INTEGER NOT NULL)");
            statement.executeUpdate("CREATE TABLE record (lane INTEGER NOT NULL, seq INTEGER NOT NULL,"
                    + " weight INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (lane, seq)) WITHOUT ROWID");
            statement.executeUpdate("INSERT INTO spool VALUES (0, 77)");
            statement.executeUpdate("INSERT INTO lane VALUES (0, 9, 4)");
            statement.executeUpdate("INSERT INTO record VALUES (0, 9, 0, X'4801')");
        }
        try (Spool spool = open()) {
            append(spool, 1);
            assertThat(spool.epoch()).isEqualTo(77);
            assertThat(spool.counts(Lane.OBSERVATIONS).lastSeq()).isEqualTo(10);
            assertThat(spool.counts(Lane.OBSERVATIONS).dropped()).isEqualTo(4);
            assertThat(read(spool)).hasSize(2);
        }
    }
}
