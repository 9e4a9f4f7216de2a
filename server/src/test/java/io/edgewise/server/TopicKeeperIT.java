// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.embedded.EmbeddedKafka;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.runtime.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicKeeperIT {
    private static final Patience BRIEF = new Patience(Duration.ofSeconds(2));

    private record Settings(boolean createTopics) implements PlatformConfig.Kafka {
        @Override
        public String bootstrapServers() {
            return "";
        }

        @Override
        public short replicationFactor() {
            return -1;
        }

        @Override
        public Map<String, String> client() {
            return Map.of();
        }
    }

    @Test
    void createsTopicsAsTheProtocolSaysAndFindsThemAgain(@TempDir Path folder) throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertThatThrownBy(() -> keeper(broker.bootstrapServers(), false).keep(BRIEF))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("edgewise.observations")
                    .hasMessageContaining("create-topics=false");

            keeper(broker.bootstrapServers(), true).keep(BRIEF);
            keeper(broker.bootstrapServers(), false).keep(BRIEF);

            Map<String, TopicDescription> topics = admin.describeTopics(
                            List.of("edgewise.observations", "edgewise.directives", "edgewise.dead-letters"))
                    .allTopicNames()
                    .get();
            assertThat(topics)
                    .hasEntrySatisfying(
                            "edgewise.observations",
                            topic -> assertThat(topic.partitions()).hasSize(64));
            assertThat(topics)
                    .hasEntrySatisfying(
                            "edgewise.directives",
                            topic -> assertThat(topic.partitions()).hasSize(8));
            assertThat(setting(admin, "edgewise.directives", "cleanup.policy")).isEqualTo("compact");
            assertThat(setting(admin, "edgewise.observations", "message.timestamp.type"))
                    .isEqualTo("LogAppendTime");
        }
    }

    @Test
    void refusesAnotherNumberOfPartitions(@TempDir Path folder) throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder)) {
            EmbeddedTopics.create(
                    broker.bootstrapServers(),
                    List.of(new NewTopic("edgewise.observations", Optional.of(12), Optional.empty())));

            assertThatThrownBy(() -> keeper(broker.bootstrapServers(), true).keep(BRIEF))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("12 partitions and must have 64");
        }
    }

    @Test
    void saysWhatToDoWhereKafkaIsNotThere() {
        assertThatThrownBy(() -> keeper("127.0.0.1:1", true).keep(new Patience(Duration.ZERO)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("edgewise.kafka.bootstrap-servers");
    }

    private static TopicKeeper keeper(String bootstrapServers, boolean create) {
        return new TopicKeeper(new KafkaSettings(bootstrapServers, Map.of()), new Settings(create));
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource))
                .values()
                .values()
                .iterator()
                .next()
                .get();
        return config.get(name).value();
    }
}
