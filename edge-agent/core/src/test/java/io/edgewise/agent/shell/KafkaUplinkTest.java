// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class KafkaUplinkTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final KafkaUplink uplink = new KafkaUplink(producer);
    private final byte[] key = Topics.key("default", "device-7");

    @Test
    void sendsADevicesRecordsToItsOwnPartitionWithTheirSchema() {
        CompletableFuture<Void> sent = uplink.send(Topics.OBSERVATIONS, key, new byte[] {1}, Topics.OBSERVATION_SCHEMA);

        ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
        assertThat(record.partition()).isEqualTo(Topics.partition(key, Topics.PARTITIONS));
        assertThat(new String(record.headers().lastHeader(Topics.SCHEMA_HEADER).value(), StandardCharsets.UTF_8))
                .isEqualTo("observation/1");
        assertThat(sent).isNotDone();
        producer.completeNext();
        assertThat(sent).isCompleted();
    }

    @Test
    void leavesThePartitionOfAStatusToKafka() {
        CompletableFuture<Void> _ = uplink.send(Topics.AGENT_STATUS, key, new byte[] {1}, "agent-status/1");

        assertThat(producer.history().getFirst().partition()).isNull();
    }

    @Test
    void tellsOfAFailure() {
        CompletableFuture<Void> sent = uplink.send(Topics.FEEDBACK, key, new byte[] {1}, Topics.FEEDBACK_SCHEMA);
        producer.errorNext(new IllegalStateException("broker gone"));

        assertThat(sent).isCompletedExceptionally();
    }

    @Test
    void keepsWhatMakesItSafe() {
        Map<String, Object> settings = KafkaUplink.settings(
                "broker:9092", Map.of(ProducerConfig.ACKS_CONFIG, "1", ProducerConfig.CLIENT_ID_CONFIG, "fleet"));

        assertThat(settings)
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .containsEntry(ProducerConfig.CLIENT_ID_CONFIG, "fleet");
    }
}
