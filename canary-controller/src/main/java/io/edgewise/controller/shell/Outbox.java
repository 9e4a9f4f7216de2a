// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Topics;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Brings orders from the database to Kafka: at least once, in the order of each key, marked as sent after the
/// acknowledgement. Readers take the highest revision and lease issue, so that a repetition changes nothing.
///
/// One publisher at a time holds an advisory lock; a stopped one loses it when the server ends its transaction.
final class Outbox implements LoopThread.Loop {
    static final String SIGNED_SCHEMA = "signed/1";
    private static final long LOCK = 0x65646765_6f757462L;
    private static final int BATCH = 200;
    private static final int DELIVERY_MS = 4_000;
    private static final int TRIMMED_AT_ONCE = 2_000;
    private static final long TRIM_EVERY_MS = 60_000;
    private static final Duration KEPT = Duration.ofHours(1);

    /// Before all keys.
    private static final String START = "";

    private final Database database;
    private final KafkaSettings kafka;
    private final InstantSource clock;
    private final long sleepMillis;
    private final Semaphore wake = new Semaphore(0);
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /// Set while an older order may have come after a newer one: at the start, and after a failure, when another
    /// publisher may have gone on before what this one had handed over arrived.
    private boolean doubtful = true;

    /// What may be in doubt: orders that were sent before, up to this one. Unknown before the first round.
    private OptionalLong doubtfulThrough = OptionalLong.empty();

    /// The newest of them are repeated key by key, behind this one.
    private String repeated = START;

    private long trimmedThrough;
    private long trimmedAtMs;

    @SuppressWarnings("ArrayRecordComponent") // carries bytes from the row to the message
    private record Waiting(long id, String key, byte[] value) {}

    Outbox(Database database, KafkaSettings kafka, InstantSource clock, long sleepMillis) {
        this.database = database;
        this.kafka = kafka;
        this.clock = clock;
        this.sleepMillis = sleepMillis;
    }

    static void append(Sql sql, String key, byte[] value, Instant now) throws SQLException {
        sql.updateOne(
                "INSERT INTO controller.outbox (key, value, created_at) VALUES (?, ?, ?)", key, value, Times.of(now));
    }

    @Override
    public void poll() throws Exception {
        boolean woken = wake.tryAcquire(sleepMillis, TimeUnit.MILLISECONDS);
        if (woken) {
            wake.drainPermits();
        }
        int sent;
        do {
            sent = publish();
        } while (sent == BATCH || doubtful && sent > 0 || !repeated.equals(START));
        trim();
    }

    /// What one transaction brought to Kafka.
    ///
    /// @param next the last key whose newest order was repeated
    /// @param isSettled whether nothing waits, and nothing is left to be repeated
    /// @param through orders that were sent before the doubt began
    private record Round(int sent, String next, boolean isSettled, OptionalLong through) {}

    /// Returns how many it sent: those that wait first, and only then the newest ones once more.
    int publish() throws SQLException {
        boolean again = doubtful;
        String behind = repeated;
        OptionalLong through = doubtfulThrough;
        doubtful = true;
        repeated = START;
        doubtfulThrough = OptionalLong.empty();
        Optional<Round> round = publish(again, behind, through);
        repeated = round.map(Round::next).orElse(START);
        doubtful = again && (round.isEmpty() || !round.get().isSettled());
        doubtfulThrough = doubtful ? round.map(Round::through).orElse(OptionalLong.empty()) : OptionalLong.empty();
        return round.map(Round::sent).orElse(0);
    }

    /// Empty when another publisher has the lock.
    private Optional<Round> publish(boolean again, String behind, OptionalLong known) throws SQLException {
        return database.transact(sql -> {
            Limits.set(sql, 5, 5, 10);
            boolean mine = sql.first("SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK)
                    .orElse(false);
            if (!mine) {
                return Optional.<Round>empty();
            }
            OptionalLong through = again && known.isEmpty()
                    ? OptionalLong.of(
                            sql.first(NEWEST_SENT, row -> row.getLong(1)).orElse(0L))
                    : known;
            List<Waiting> waiting = sql.list(
                    "SELECT id, key, value FROM controller.outbox WHERE sent_at IS NULL ORDER BY id LIMIT ?",
                    Outbox::waiting,
                    BATCH);
            if (!waiting.isEmpty()) {
                send(waiting);
                Long[] ids = waiting.stream().map(Waiting::id).toArray(Long[]::new);
                sql.update(
                        "UPDATE controller.outbox SET sent_at = ? WHERE id = ANY (?)",
                        Times.of(clock.instant()),
                        sql.connection().createArrayOf("bigint", ids));
                return Optional.of(new Round(waiting.size(), behind, false, through));
            }
            List<Waiting> newest = again ? sql.list(NEWEST, Outbox::waiting, behind, BATCH) : List.of();
            List<Waiting> doubted = newest.stream()
                    .filter(order -> order.id() <= through.orElse(0))
                    .toList();
            if (!doubted.isEmpty()) {
                send(doubted);
            }
            boolean isSettled = newest.size() < BATCH;
            return Optional.of(new Round(
                    doubted.size(), isSettled ? START : newest.getLast().key(), isSettled, through));
        });
    }

    private static Waiting waiting(ResultSet row) throws SQLException {
        return new Waiting(row.getLong("id"), row.getString("key"), row.getBytes("value"));
    }

    /// Deletes what a newer order of the same key has followed for a while, some at a time.
    void trim() throws SQLException {
        long now = clock.millis();
        if (now - trimmedAtMs < TRIM_EVERY_MS && now >= trimmedAtMs) {
            return;
        }
        trimmedAtMs = now;
        trimmedThrough = database.transact(sql -> {
            Limits.set(sql, 5, 5, 10);
            return sql.first(
                            TRIM,
                            row -> row.getLong(1),
                            trimmedThrough,
                            TRIMMED_AT_ONCE,
                            Times.of(clock.instant().minus(KEPT)),
                            TRIMMED_AT_ONCE)
                    .orElse(0L);
        });
    }

    private void send(List<Waiting> waiting) {
        KafkaProducer<byte[], byte[]> sender = producer();
        Instant deadline = clock.instant().plusMillis(DELIVERY_MS);
        int arrived = 0;
        List<Future<RecordMetadata>> answers = new ArrayList<>();
        for (Waiting order : waiting) {
            ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(
                    Topics.DIRECTIVES, order.key().getBytes(StandardCharsets.UTF_8), order.value());
            message.headers().add(Topics.SCHEMA_HEADER, SIGNED_SCHEMA.getBytes(StandardCharsets.UTF_8));
            answers.add(sender.send(message));
            while (arrived < answers.size() && answers.get(arrived).isDone()) {
                requireArrived(answers.get(arrived), deadline);
                arrived++;
            }
        }
        for (Future<RecordMetadata> answer : answers.subList(arrived, answers.size())) {
            requireArrived(answer, deadline);
        }
    }

    /// All orders of a batch share one deadline; the first that failed ends the batch.
    private void requireArrived(Future<RecordMetadata> answer, Instant deadline) {
        long left = Math.max(0, clock.instant().until(deadline, ChronoUnit.MILLIS));
        try {
            RecordMetadata sent = answer.get(left, TimeUnit.MILLISECONDS);
            if (!sent.hasOffset()) {
                throw new IllegalStateException("Kafka took an order without giving it an offset; acks must be all");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while orders were on their way; they will be sent again", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "orders did not reach topic " + Topics.DIRECTIVES + " at " + kafka.bootstrapServers()
                            + "; they wait in controller.outbox and will be sent again",
                    e);
        }
    }

    private static final String NEWEST_SENT =
            "SELECT coalesce(max(id), 0) FROM controller.outbox WHERE sent_at IS NOT NULL";

    /// Walks from one key to the next without reading what lies between.
    private static final String NEWEST = """
            WITH RECURSIVE head(id, key, step) AS (
                (SELECT id, key, 1 FROM controller.outbox
                  WHERE sent_at IS NOT NULL AND key > ? ORDER BY key, id DESC LIMIT 1)
                UNION ALL
                SELECT following.id, following.key, head.step + 1
                  FROM head CROSS JOIN LATERAL (
                       SELECT id, key FROM controller.outbox next
                        WHERE next.sent_at IS NOT NULL AND next.key > head.key ORDER BY key, id DESC LIMIT 1) AS following
                 WHERE head.step < ?)
            SELECT order_of.id, order_of.key, order_of.value
              FROM head JOIN controller.outbox order_of USING (id) ORDER BY order_of.key
            """;

    /// Gives the last number that was looked at; 0 when all were.
    private static final String TRIM = """
            WITH page AS (
                SELECT id, key, sent_at FROM controller.outbox WHERE id > ? ORDER BY id LIMIT ?),
            gone AS (
                DELETE FROM controller.outbox old USING page
                 WHERE old.id = page.id AND page.sent_at < ?
                   AND EXISTS (SELECT FROM controller.outbox newer
                                WHERE newer.sent_at IS NOT NULL AND newer.key = page.key AND newer.id > page.id))
            SELECT CASE WHEN count(*) < ? THEN 0 ELSE max(id) END FROM page
            """;

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> settings = kafka.producer();
            settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS);
            settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DELIVERY_MS / 2);
            settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_MS / 2);
            settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
            open = new KafkaProducer<>(settings);
            producer = open;
        }
        return open;
    }

    /// A producer that failed may hold records whose order is lost: it is thrown away.
    @Override
    public void recover() {
        close();
    }

    @Override
    public void wakeUp() {
        wake.release();
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }
}
