// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.Topics;
import io.edgewise.evaluator.Rejected;
import io.edgewise.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;

/// Refused records go to their own topic, acknowledged by all in-sync replicas before the offset moves past them: each
/// is there at least once. One that Kafka finds too large goes there without its bytes.
public final class KafkaDeadLetters implements DeadLetters {
    private static final byte[] SCHEMA = "dead-letter/1".getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST_SECONDS = 10;

    private final Producer<byte[], byte[]> producer;

    public KafkaDeadLetters(KafkaSettings kafka) {
        this(new KafkaProducer<>(impatient(kafka.producer())));
    }

    KafkaDeadLetters(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    private static Map<String, Object> impatient(Map<String, Object> properties) {
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_SECONDS * 1_000);
        return properties;
    }

    @Override
    public void send(List<Rejected> rejected) throws IOException, InterruptedException, ExecutionException {
        CompletableFuture<Void> deadline = new CompletableFuture<Void>().orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS);
        try {
            List<Rejected> tooLarge = send(rejected, deadline);
            List<Rejected> stubs = tooLarge.stream().map(Rejected::stub).toList();
            if (!send(stubs, deadline).isEmpty()) {
                throw new IOException("topic " + Topics.DEAD_LETTERS + " refuses dead letters as too large even without"
                        + " the refused record; raise its max.message.bytes");
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new IOException(
                        rejected.size() + " dead letters were not acknowledged within " + LONGEST_SECONDS
                                + " s; look whether topic " + Topics.DEAD_LETTERS + " has enough in-sync replicas",
                        e);
            }
            throw e;
        } finally {
            deadline.complete(null);
        }
    }

    /// Returns those that are too large. Ends at the first failure: the ones behind it would only wait for the same.
    private List<Rejected> send(List<Rejected> rejected, CompletableFuture<Void> deadline)
            throws InterruptedException, ExecutionException {
        List<CompletableFuture<Boolean>> sent = new ArrayList<>(rejected.size());
        for (Rejected each : rejected) {
            CompletableFuture<Boolean> one = send(each);
            if (one.isCompletedExceptionally()) {
                one.get();
            }
            if (deadline.isDone()) {
                deadline.get();
            }
            sent.add(one);
        }
        List<Rejected> tooLarge = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            CompletableFuture<Boolean> one = sent.get(i);
            CompletableFuture.anyOf(one, deadline).get();
            if (!one.get()) {
                tooLarge.add(rejected.get(i));
            }
        }
        return tooLarge;
    }

    /// False when it is too large.
    private CompletableFuture<Boolean> send(Rejected each) {
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        Future<RecordMetadata> _ = producer.send(record(each), (metadata, failure) -> {
            if (failure == null) {
                sent.complete(true);
            } else if (failure instanceof RecordTooLargeException) {
                sent.complete(false);
            } else {
                sent.completeExceptionally(failure);
            }
        });
        return sent;
    }

    private static ProducerRecord<byte[], byte[]> record(Rejected rejected) {
        byte[] key = rejected.key() == null ? null : rejected.key().toByteArray();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.DEAD_LETTERS, key, rejected.letter().toByteArray());
        record.headers().add(Topics.SCHEMA_HEADER, SCHEMA);
        return record;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
