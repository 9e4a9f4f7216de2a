// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.protobuf.Message;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.DeadLetter;
import io.edgewise.ingest.Admission.Admitted;
import io.edgewise.ingest.RecordKind;
import io.edgewise.ingest.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/// Writes batches to Kafka and returns when all in-sync replicas have them, or when the time for it is over: one
/// deadline for the whole batch.
final class BatchLog implements AutoCloseable {
    private static final String DEAD_LETTER_SCHEMA = "dead-letter/1";
    private static final int REQUEST_TIMEOUT_MS = 5_000;

    /// A dead letter is a record itself, with room needed for its reasons.
    private static final int LONGEST_COPY = 60 * 1024;

    private final Producer<byte[], byte[]> producer;

    private final Duration acknowledgeWithin;
    private final InstantSource clock;

    BatchLog(Producer<byte[], byte[]> producer, Duration acknowledgeWithin, InstantSource clock) {
        this.producer = producer;
        this.acknowledgeWithin = acknowledgeWithin;
        this.clock = clock;
    }

    static BatchLog open(Map<String, Object> settings, Duration acknowledgeWithin, InstantSource clock) {
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "edgewise-ingest");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(REQUEST_TIMEOUT_MS, acknowledgeWithin.toMillis()));
        long delivery = Math.max(REQUEST_TIMEOUT_MS + 5L, acknowledgeWithin.toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(delivery));
        return new BatchLog(new KafkaProducer<>(settings), acknowledgeWithin, clock);
    }

    /// All of it, or a problem: then the device sends the batch again, and what did arrive is deduplicated.
    void append(Principal principal, Admitted<?> admitted, long nowMs) throws Problem, InterruptedException {
        byte[] key = Topics.key(principal.tenant(), principal.device());
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        admitted.records().forEach(each -> records.add(record(admitted.kind(), key, each)));
        admitted.rejected().forEach(each -> records.add(deadLetter(admitted.kind(), key, each, nowMs)));
        append(records);
    }

    /// How a device stands; one that is lost is made up for by the next.
    void append(Principal principal, List<AgentStatus> statuses) throws Problem, InterruptedException {
        byte[] key = Topics.key(principal.tenant(), principal.device());
        append(statuses.stream()
                .map(each -> withSchema(
                        new ProducerRecord<>(Topics.AGENT_STATUS, key, each.toByteArray()), Topics.AGENT_STATUS_SCHEMA))
                .toList());
    }

    private void append(List<ProducerRecord<byte[], byte[]>> records) throws Problem, InterruptedException {
        Instant deadline = clock.instant().plus(acknowledgeWithin);
        List<Future<RecordMetadata>> pending = new ArrayList<>();
        try {
            for (ProducerRecord<byte[], byte[]> record : records) {
                pending.add(send(record, deadline));
            }
            for (Future<RecordMetadata> each : pending) {
                each.get(left(deadline).toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            throw Problem.unavailable(
                    "Kafka has not acknowledged the batch within " + acknowledgeWithin + "; send it again");
        } catch (ExecutionException | KafkaException e) {
            String cause = e instanceof ExecutionException && e.getCause() != null
                    ? e.getCause().getClass().getSimpleName()
                    : e.getClass().getSimpleName();
            throw Problem.unavailable("Kafka has not acknowledged the batch (" + cause + "); send it again");
        }
    }

    /// Without metadata a send blocks, and then returns a future that has failed: the next one would block as long.
    private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Instant deadline)
            throws TimeoutException, ExecutionException, InterruptedException {
        if (left(deadline).isZero()) {
            throw new TimeoutException();
        }
        Future<RecordMetadata> sent = producer.send(record);
        if (sent.isDone()) {
            sent.get();
        }
        return sent;
    }

    private Duration left(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static ProducerRecord<byte[], byte[]> record(RecordKind<?> kind, byte[] key, Message record) {
        return withSchema(
                new ProducerRecord<>(kind.topic(), Topics.partition(key, Topics.PARTITIONS), key, record.toByteArray()),
                kind.schema());
    }

    private static ProducerRecord<byte[], byte[]> deadLetter(
            RecordKind<?> kind, byte[] key, Rejection rejection, long nowMs) {
        DeadLetter letter = DeadLetter.newBuilder()
                .setTopic(kind.topic())
                .setPartition(-1)
                .setOffset(-1)
                .setAppendTimeMs(nowMs)
                .addAllReasons(rejection.reasons())
                .setRecord(rejection
                        .record()
                        .substring(0, Math.min(LONGEST_COPY, rejection.record().size())))
                .setRecordSize(rejection.record().size())
                .setStage("ingest")
                .build();
        return withSchema(new ProducerRecord<>(Topics.DEAD_LETTERS, key, letter.toByteArray()), DEAD_LETTER_SCHEMA);
    }

    private static ProducerRecord<byte[], byte[]> withSchema(ProducerRecord<byte[], byte[]> record, String schema) {
        record.headers().add(Topics.SCHEMA_HEADER, schema.getBytes(StandardCharsets.US_ASCII));
        return record;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(3));
    }
}
