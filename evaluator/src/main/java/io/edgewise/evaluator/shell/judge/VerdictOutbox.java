// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.evaluator.Retention;
import io.edgewise.evaluator.judge.Sealed;
import io.edgewise.evaluator.judge.Verdict;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Sends stored verdicts to the topic of feedback, in the order of their numbers, and marks them as sent once they are
/// acknowledged. A crash between the two sends one twice, under the same number: it is counted once.
final class VerdictOutbox implements LoopThread.Loop {
    private static final int BATCH = 200;
    private static final int LONGEST_SECONDS = 10;
    private static final long SLEEP_MS = 1_000;
    private static final long TIDY_MS = 60_000;
    private static final Duration AFTERWARDS = Duration.ofDays(2);
    private static final Duration KEEP_SPENDING = Duration.ofDays(90);

    private final Database database;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final InstantSource clock;
    private final Retention retention;
    private final Semaphore wake = new Semaphore(0);
    private @Nullable Producer<byte[], byte[]> producer;
    private long tidyMs;

    VerdictOutbox(Database database, KafkaSettings kafka, InstantSource clock, Retention retention) {
        this(database, () -> new KafkaProducer<>(impatient(kafka.producer())), clock, retention);
    }

    VerdictOutbox(
            Database database, Supplier<Producer<byte[], byte[]>> producers, InstantSource clock, Retention retention) {
        this.database = database;
        this.producers = producers;
        this.clock = clock;
        this.retention = retention;
    }

    private static Map<String, Object> impatient(Map<String, Object> properties) {
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_SECONDS * 1_000);
        return properties;
    }

    private record Unsent(String tenant, String source, long seq, Feedback feedback) {}

    @Override
    public void poll() throws Exception {
        int sent = send();
        if (clock.millis() >= tidyMs) {
            tidy();
            tidyMs = clock.millis() + TIDY_MS;
        }
        if (sent < BATCH && wake.tryAcquire(SLEEP_MS, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    @Override
    public void wakeUp() {
        wake.release();
    }

    /// Returns how many were sent. One process sends at a time; one that stands still is thrown out by the database.
    int send() throws SQLException, IOException {
        try {
            return database.transact(sql -> {
                boolean isMine = sql.list(ALONE, row -> row.getBoolean(1)).getFirst();
                List<Unsent> waiting = isMine ? sql.list(UNSENT, VerdictOutbox::unsent, BATCH) : List.of();
                if (!waiting.isEmpty()) {
                    publish(waiting);
                    mark(sql, waiting);
                }
                return waiting.size();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void mark(Sql sql, List<Unsent> sent) throws SQLException {
        for (Unsent each : sent) {
            sql.update("""
                    UPDATE evaluator.judgement SET sent_at = ?
                     WHERE tenant = ? AND source = ? AND seq = ? AND sent_at IS NULL""", clock.instant().atOffset(ZoneOffset.UTC), each.tenant(), each.source(), each.seq());
        }
    }

    private void publish(List<Unsent> waiting) {
        try {
            deliver(waiting);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("stopped while verdicts were sent"));
        } catch (ExecutionException | TimeoutException e) {
            throw new UncheckedIOException(new IOException(
                    waiting.size() + " verdicts were not acknowledged by topic " + Topics.FEEDBACK
                            + "; they are stored and sent again; look whether Kafka answers",
                    e));
        }
    }

    private void deliver(List<Unsent> waiting) throws InterruptedException, ExecutionException, TimeoutException {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = producers.get();
            producer = open;
        }
        int partitions = open.partitionsFor(Topics.FEEDBACK).size();
        List<Future<RecordMetadata>> sending = new ArrayList<>();
        for (Unsent each : waiting) {
            byte[] key = Topics.key(each.tenant(), each.feedback().getSource());
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    Topics.FEEDBACK,
                    Topics.partition(key, partitions),
                    key,
                    each.feedback().toByteArray());
            record.headers().add(Topics.SCHEMA_HEADER, Topics.FEEDBACK_SCHEMA.getBytes(StandardCharsets.UTF_8));
            sending.add(open.send(record));
        }
        for (Future<RecordMetadata> each : sending) {
            each.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        }
    }

    /// Of what is no longer in the sample nothing is kept either.
    private void tidy() throws SQLException {
        Instant now = clock.instant();
        long horizon = now.minus(retention.disagreements()).minus(AFTERWARDS).getEpochSecond() / 60;
        database.transact(sql -> {
            sql.update(
                    "DELETE FROM evaluator.judgement WHERE minute < ? AND (seq IS NULL OR sent_at IS NOT NULL)",
                    horizon);
            return sql.update(
                    "DELETE FROM evaluator.judge_spending WHERE day < ?",
                    now.minus(KEEP_SPENDING).atOffset(ZoneOffset.UTC).toLocalDate());
        });
    }

    private static Unsent unsent(ResultSet row) throws SQLException {
        String tenant = row.getString("tenant");
        String source = row.getString("source");
        Sealed.Place place =
                new Sealed.Place(tenant, "edgewise." + source, row.getLong("source_epoch"), row.getLong("seq"));
        String truth = row.getString("truth");
        Verdict verdict = Verdict.of(row.getString("verdict")).orElseThrow();
        Sealed.Said said =
                truth == null ? new Sealed.Said.Judged(row.getString("judge"), verdict) : new Sealed.Said.Truth(truth);
        long givenAt =
                row.getObject("judged_at", OffsetDateTime.class).toInstant().toEpochMilli();
        return new Unsent(tenant, source, place.seq(), Sealed.feedback(place, givenAt, row.getBytes("token"), said));
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(Duration.ofSeconds(5));
        }
    }

    private static final String ALONE = """
            SELECT pg_try_advisory_xact_lock(hashtextextended('edgewise verdicts', 0)),
                   set_config('idle_in_transaction_session_timeout', '30s', true)""";

    private static final String UNSENT = """
            SELECT tenant, source, source_epoch, seq, verdict, truth, judge, token, judged_at
              FROM evaluator.judgement
             WHERE seq IS NOT NULL AND sent_at IS NULL
             ORDER BY tenant, source, seq
             LIMIT ?""";
}
