// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Topics;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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

    private final Database database;
    private final KafkaSettings kafka;
    private final InstantSource clock;
    private final long sleepMillis;
    private final Semaphore wake = new Semaphore(0);
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /// Set while an older order may have come after a newer one: at the start, and after a failure, when another
    /// publisher may have gone on before what this one had handed over arrived.
    private boolean doubtful = true;

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
        } while (sent == BATCH);
    }

    /// Returns how many it sent.
    int publish() throws SQLException {
        boolean again = doubtful;
        doubtful = true;
        OptionalInt sent = publish(again);
        doubtful = again && sent.isEmpty();
        return sent.orElse(0);
    }

    /// Empty when another publisher has the lock.
    private OptionalInt publish(boolean again) throws SQLException {
        return database.transact(sql -> {
            Limits.set(sql, 5, 5, 10);
            boolean mine = sql.first("SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK)
                    .orElse(false);
            if (!mine) {
                return OptionalInt.empty();
            }
            if (again) {
                sql.update("""
                        UPDATE controller.outbox SET sent_at = NULL
                        WHERE sent_at IS NOT NULL AND id IN (SELECT max(id) FROM controller.outbox GROUP BY key)
                        """);
            }
            List<Waiting> waiting = sql.list(
                    "SELECT id, key, value FROM controller.outbox WHERE sent_at IS NULL ORDER BY id LIMIT ?",
                    row -> new Waiting(row.getLong("id"), row.getString("key"), row.getBytes("value")),
                    BATCH);
            if (waiting.isEmpty()) {
                return OptionalInt.of(0);
            }
            send(waiting);
            Long[] ids = waiting.stream().map(Waiting::id).toArray(Long[]::new);
            sql.update(
                    "UPDATE controller.outbox SET sent_at = ? WHERE id = ANY (?)",
                    Times.of(clock.instant()),
                    sql.connection().createArrayOf("bigint", ids));
            return OptionalInt.of(waiting.size());
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
