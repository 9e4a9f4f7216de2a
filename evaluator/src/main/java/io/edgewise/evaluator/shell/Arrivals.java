// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.Topics;
import io.edgewise.evaluator.Inbound;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Kafka's records as the core takes them.
final class Arrivals {
    private static final byte[] OBSERVATION_SCHEMA = Topics.OBSERVATION_SCHEMA.getBytes(StandardCharsets.UTF_8);

    private Arrivals() {}

    static Inbound of(ConsumerRecord<byte[], byte[]> record) {
        return new Inbound(record.offset(), record.timestamp(), record.key(), schema(record), record.value());
    }

    /// The usual schema without making a string for each record.
    private static @Nullable String schema(ConsumerRecord<byte[], byte[]> record) {
        Header schema = record.headers().lastHeader(Topics.SCHEMA_HEADER);
        byte[] value = schema == null ? null : schema.value();
        if (value == null) {
            return null;
        }
        return Arrays.equals(value, OBSERVATION_SCHEMA)
                ? Topics.OBSERVATION_SCHEMA
                : new String(value, StandardCharsets.UTF_8);
    }
}
