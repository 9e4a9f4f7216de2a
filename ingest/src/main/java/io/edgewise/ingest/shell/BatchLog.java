// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.DeadLetter;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.ingest.Admission.Admitted;
import io.edgewise.ingest.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/// Writes batches to Kafka and returns when all in-sync replicas have them.
final class BatchLog implements AutoCloseable {
    private static final String DEAD_LETTER_SCHEMA = "dead-letter/1";
    private static final int REQUEST_TIMEOUT_MS = 5_000;

    /// A dead letter is a record itself, with room needed for its reasons.
    private static final int LONGEST_COPY = 60 * 1024;

    private final Producer<byte[], byte[]> producer;

    private BatchLog(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    static BatchLog open(Map<String, Object> settings, Duration acknowledgeWithin) {
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "edgewise-ingest");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, REQUEST_TIMEOUT_MS);
        long delivery = Math.max(REQUEST_TIMEOUT_MS + 5L, acknowledgeWithin.toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(delivery));
        return new BatchLog(new KafkaProducer<>(settings));
    }

    /// All of it, or a problem: then the device sends the batch again, and what did arrive is deduplicated.
    void append(Principal principal, Admitted admitted, long nowMs) throws Problem, InterruptedException {
        byte[] key = Topics.key(principal.tenant(), principal.device());
        List<Future<RecordMetadata>> pending = new ArrayList<>();
        try {
            for (Observation observation : admitted.records()) {
                pending.add(producer.send(observation(key, observation)));
            }
            for (Rejection rejection : admitted.rejected()) {
                pending.add(producer.send(deadLetter(key, rejection, nowMs)));
            }
            for (Future<RecordMetadata> each : pending) {
                each.get();
            }
        } catch (ExecutionException | KafkaException e) {
            String cause = e instanceof ExecutionException && e.getCause() != null
                    ? e.getCause().getClass().getSimpleName()
                    : e.getClass().getSimpleName();
            throw Problem.unavailable("Kafka has not acknowledged the batch (" + cause + "); send it again");
        }
    }

    private static ProducerRecord<byte[], byte[]> observation(byte[] key, Observation observation) {
        return withSchema(
                new ProducerRecord<>(
                        Topics.OBSERVATIONS, Topics.partition(key, Topics.PARTITIONS), key, observation.toByteArray()),
                Topics.OBSERVATION_SCHEMA);
    }

    private static ProducerRecord<byte[], byte[]> deadLetter(byte[] key, Rejection rejection, long nowMs) {
        DeadLetter letter = DeadLetter.newBuilder()
                .setTopic(Topics.OBSERVATIONS)
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
