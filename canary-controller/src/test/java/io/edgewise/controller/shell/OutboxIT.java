// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Topics;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Orders on their way to Kafka, and what becomes of their rows.
@ExtendWith(PlatformExtension.class)
class OutboxIT {
    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");

    private final Platform platform;
    private final StandIn standIn;
    private final KafkaSettings kafka;
    private final MutableClock clock = new MutableClock(START);

    OutboxIT(Platform platform) throws Exception {
        this.platform = platform;
        this.standIn = new StandIn(platform);
        EmbeddedTopics.create(
                platform.bootstrapServers(),
                List.of(new NewTopic(Topics.DIRECTIVES, Optional.of(4), Optional.empty())));
        this.kafka = new KafkaSettings(platform.bootstrapServers(), Map.of());
    }

    private Outbox open() {
        return new Outbox(standIn.database(), kafka, clock, 50);
    }

    private void append(String key, int order) throws SQLException {
        standIn.database().transact(sql -> {
            Outbox.append(sql, key, Integer.toString(order).getBytes(StandardCharsets.US_ASCII), clock.instant());
            return true;
        });
    }

    private static void settle(Outbox outbox) throws SQLException {
        for (int idle = 0; idle < 2; idle++) {
            while (outbox.publish() > 0) {
                idle = 0;
            }
        }
    }

    private List<String> rows() throws SQLException {
        return standIn.database()
                .read(sql -> sql.list(
                        "SELECT key || ' ' || convert_from(value, 'UTF8') FROM controller.outbox WHERE key LIKE 'trim/%' ORDER BY id",
                        row -> row.getString(1)));
    }

    /// What came to Kafka of these keys since this was last asked.
    private List<String> arrived(String prefix) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.DIRECTIVES).stream()
                    .map(info -> new TopicPartition(Topics.DIRECTIVES, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<String> found = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.key().startsWith(prefix)) {
                        found.add(record.key() + " " + new String(record.value(), StandardCharsets.UTF_8));
                    }
                }
            }
            return found;
        }
    }

    @Test
    void whatANewerOrderFollowedIsDeletedAnHourAfterItWasSentAndTheNewestOfEachKeyStays() throws Exception {
        Outbox outbox = open();
        try {
            for (int i = 1; i <= 5; i++) {
                append("trim/a", i);
            }
            append("trim/b", 1);
            settle(outbox);
            outbox.trim();
            assertThat(rows()).hasSize(6);

            clock.advance(Duration.ofMinutes(61));
            append("trim/a", 6);
            append("trim/c", 1);
            outbox.trim();

            // What waits deletes nothing before it is sent.
            assertThat(rows()).containsExactly("trim/a 5", "trim/b 1", "trim/a 6", "trim/c 1");
            settle(outbox);
            clock.advance(Duration.ofMinutes(2));
            outbox.trim();
            clock.advance(Duration.ofMinutes(2));
            outbox.trim();
            assertThat(rows()).containsExactly("trim/b 1", "trim/a 6", "trim/c 1");
        } finally {
            outbox.close();
        }
    }

    @Test
    void afterAStartWhatWaitsGoesFirstAndThenTheNewestOfEachKeyThatWasSentBefore() throws Exception {
        Outbox before = open();
        try {
            for (int key = 100; key < 350; key++) {
                append("again/" + key, 1);
                append("again/" + key, 2);
            }
            settle(before);
        } finally {
            before.close();
        }
        int sent = arrived("again/").size();
        assertThat(sent).isEqualTo(500);
        append("again/200", 3);

        Outbox after = open();
        try {
            assertThat(after.publish()).as("what waits, alone").isEqualTo(1);
            settle(after);
        } finally {
            after.close();
        }
        List<String> all = arrived("again/");
        List<String> again = all.stream().filter(each -> !each.endsWith(" 1")).toList();
        assertThat(all).hasSize(sent + 1 + 249);
        assertThat(again).filteredOn("again/200 3"::equals).hasSize(1);
        assertThat(again).filteredOn("again/349 2"::equals).hasSize(2);
        assertThat(again)
                .filteredOn("again/200 2"::equals)
                .as("it has a newer one")
                .hasSize(1);
    }
}
