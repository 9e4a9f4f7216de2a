// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import io.edgewise.agent.Uplink;
import io.edgewise.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// The uplink of devices on a trusted network: straight to Kafka. Shared by all agents of a JVM.
public final class KafkaUplink implements Uplink, AutoCloseable {
    private final Producer<byte[], byte[]> producer;

    KafkaUplink(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /// `extra` may set security and client names; what makes the uplink safe stays as it is.
    public static KafkaUplink connect(String bootstrapServers, Map<String, String> extra) {
        return new KafkaUplink(new KafkaProducer<>(
                settings(bootstrapServers, extra), new ByteArraySerializer(), new ByteArraySerializer()));
    }

    static Map<String, Object> settings(String bootstrapServers, Map<String, String> extra) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.putAll(extra);
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return settings;
    }

    @Override
    public CompletableFuture<Void> send(String topic, byte[] key, byte[] record, String schema) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        ProducerRecord<byte[], byte[]> outgoing = new ProducerRecord<>(
                topic,
                partition(topic, key),
                key,
                record,
                List.of(new RecordHeader(Topics.SCHEMA_HEADER, schema.getBytes(StandardCharsets.UTF_8))));
        try {
            // The callback tells the outcome; the producer's own future adds nothing.
            Object _ = producer.send(outgoing, (metadata, failure) -> {
                if (failure == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    private static @Nullable Integer partition(String topic, byte[] key) {
        return topic.equals(Topics.OBSERVATIONS) || topic.equals(Topics.FEEDBACK)
                ? Topics.partition(key, Topics.PARTITIONS)
                : null;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
