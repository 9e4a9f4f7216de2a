// SPDX-License-Identifier: Apache-2.0
package io.edgewise.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/// Creates topics that are not there yet, and returns when they can be written to. An existing topic is left as it is.
public final class EmbeddedTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_ASKS = Duration.ofMillis(50);
    private static final int MOST_ASKS = 600;

    private EmbeddedTopics() {}

    public static void create(String bootstrapServers, List<NewTopic> topics) throws IOException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Set<String> present = admin.listTopics().names().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !present.contains(topic.name()))
                    .toList();
            admin.createTopics(missing).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            awaitLeaders(admin, missing);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("cannot create topics at " + bootstrapServers + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while creating topics", e);
        }
    }

    /// A producer that sends to a partition just made can have its second batch accepted and its first refused
    /// for ever: the broker must have taken up all of them before. Until it has, it may say that it does not
    /// know a topic it has just made, and the client hands that on rather than ask again.
    private static void awaitLeaders(Admin admin, List<NewTopic> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (NewTopic topic : topics) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                all.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        for (int asked = 1; ; asked++) {
            try {
                admin.listOffsets(all).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || asked == MOST_ASKS) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_ASKS.toNanos());
            }
        }
    }
}
