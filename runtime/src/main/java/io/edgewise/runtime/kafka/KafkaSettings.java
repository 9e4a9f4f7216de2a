// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// How this process reaches Kafka. `extra` holds further client properties, for example for TLS and SASL.
public record KafkaSettings(String bootstrapServers, Map<String, String> extra) {
    public KafkaSettings {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException(
                    "edgewise.kafka.bootstrap-servers is empty; set it to host:port of one or more brokers");
        }
        extra = Map.copyOf(extra);
    }

    /// A consumer of bytes in a group of the new protocol, whose offsets are kept elsewhere.
    public Map<String, Object> groupConsumer(String group) {
        Map<String, Object> properties = consumer();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return properties;
    }

    /// A consumer of bytes that assigns its partitions itself.
    public Map<String, Object> consumer() {
        Map<String, Object> properties = common();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    /// A producer of bytes that loses nothing: idempotent, acknowledged by all in-sync replicas.
    public Map<String, Object> producer() {
        Map<String, Object> properties = common();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return properties;
    }

    public Map<String, Object> common() {
        Map<String, Object> properties = new HashMap<>(extra);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return properties;
    }
}
