// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.contracts.Topics;
import io.edgewise.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that the topics are there and are what the frozen partitioner assumes.
final class TopicKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(TopicKeeper.class);
    private static final int PATIENCE_MS = 5_000;
    /// Longer than the client's own, whose message says more.
    private static final int WAIT_MS = PATIENCE_MS + 1_000;

    private static final int SIDE_PARTITIONS = 8;

    private static final List<Wanted> WANTED = List.of(
            new Wanted(Topics.OBSERVATIONS, Topics.PARTITIONS, "delete", true),
            new Wanted(Topics.FEEDBACK, Topics.PARTITIONS, "delete", true),
            new Wanted(Topics.DIRECTIVES, SIDE_PARTITIONS, "compact", false),
            new Wanted(Topics.AGENT_STATUS, SIDE_PARTITIONS, "compact", false),
            new Wanted(Topics.DEAD_LETTERS, SIDE_PARTITIONS, "delete", false));

    private final KafkaSettings kafka;
    private final PlatformConfig.Kafka config;

    TopicKeeper(KafkaSettings kafka, PlatformConfig.Kafka config) {
        this.kafka = kafka;
        this.config = config;
    }

    /// `frozen`: keyed by device, with a number of partitions that must never change, and append time for a clock.
    private record Wanted(String name, int partitions, String cleanup, boolean frozen) {
        NewTopic create(short replication) {
            Map<String, String> settings = new HashMap<>(Map.of("cleanup.policy", cleanup));
            if (frozen) {
                settings.put("message.timestamp.type", "LogAppendTime");
            }
            Optional<Short> copies = replication < 0 ? Optional.empty() : Optional.of(replication);
            return new NewTopic(name, Optional.of(partitions), copies).configs(settings);
        }
    }

    void keep(Patience patience) {
        patience.until(
                "Kafka at " + kafka.bootstrapServers(),
                "Start it, or correct edgewise.kafka.bootstrap-servers.",
                () -> {
                    keep();
                    return true;
                });
    }

    private void keep() throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, Object> settings = kafka.common();
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        Admin admin = Admin.create(settings);
        try {
            Set<String> present = admin.listTopics().names().get(WAIT_MS, TimeUnit.MILLISECONDS);
            List<Wanted> missing = WANTED.stream()
                    .filter(topic -> !present.contains(topic.name()))
                    .toList();
            if (!missing.isEmpty()) {
                create(admin, missing);
            }
            check(admin);
        } finally {
            admin.close(Duration.ofSeconds(1));
        }
    }

    private void create(Admin admin, List<Wanted> missing) throws InterruptedException, ExecutionException {
        List<String> names = missing.stream().map(Wanted::name).toList();
        if (!config.createTopics()) {
            throw new StartRefused("topics " + names + " are not there and edgewise.kafka.create-topics=false; create "
                    + "them as docs/protocol.md says");
        }
        List<NewTopic> topics = missing.stream()
                .map(topic -> topic.create(config.replicationFactor()))
                .toList();
        List<String> created = new ArrayList<>();
        Map<String, org.apache.kafka.common.KafkaFuture<Void>> results =
                admin.createTopics(topics).values();
        for (Map.Entry<String, org.apache.kafka.common.KafkaFuture<Void>> result : results.entrySet()) {
            try {
                result.getValue().get();
                created.add(result.getKey());
            } catch (ExecutionException e) {
                // Another process of ours was first.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        LOG.info("Topics created: {}", created);
    }

    private static void check(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        List<String> frozen =
                WANTED.stream().filter(Wanted::frozen).map(Wanted::name).toList();
        Map<String, TopicDescription> descriptions =
                admin.describeTopics(frozen).allTopicNames().get(WAIT_MS, TimeUnit.MILLISECONDS);
        for (TopicDescription topic : descriptions.values()) {
            int partitions = topic.partitions().size();
            if (partitions != Topics.PARTITIONS) {
                throw new StartRefused("topic " + topic.name() + " has " + partitions + " partitions and must have "
                        + Topics.PARTITIONS + ": the partition of a device is frozen, and records would be counted "
                        + "twice or out of order. Create it anew with " + Topics.PARTITIONS
                        + " partitions, or point edgewise.kafka.bootstrap-servers at the right cluster.");
            }
        }
    }
}
