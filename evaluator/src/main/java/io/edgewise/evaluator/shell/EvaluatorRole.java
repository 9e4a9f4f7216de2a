// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/// Counts every observation and every piece of feedback exactly once.
@ApplicationScoped
public class EvaluatorRole implements Role {
    /// The consumer group. Its offsets are for lag tools only.
    public static final String GROUP = "edgewise-evaluator";

    private static final Duration LONGEST_POLL = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database;
    private final KafkaSettings kafka;
    private final DeviceSecrets secrets;
    private final InstantSource clock;
    private final EvaluatorConfig config;

    private volatile @Nullable Running running;

    private record Running(EvaluatorLoop loop, LoopThread thread) {}

    @Inject
    public EvaluatorRole(
            Database database,
            KafkaSettings kafka,
            DeviceSecrets secrets,
            InstantSource clock,
            EvaluatorConfig config) {
        this.database = database;
        this.kafka = kafka;
        this.secrets = secrets;
        this.clock = clock;
        this.config = config;
    }

    /// Consumer properties of the evaluator.
    public static Map<String, Object> consumerProperties(KafkaSettings kafka) {
        Map<String, Object> properties = kafka.groupConsumer(GROUP);
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    @Override
    public String name() {
        return "evaluator";
    }

    @Override
    public List<Migration> migrations() {
        return List.of(new Migration("evaluator", "db/evaluator"));
    }

    @Override
    public synchronized void start() {
        if (running != null) {
            return;
        }
        EvaluatorLoop loop = new EvaluatorLoop(
                new KafkaConsumer<>(consumerProperties(kafka)),
                new KafkaDeadLetters(kafka),
                database,
                secrets,
                EvaluatorSettings.of(config),
                clock);
        running = new Running(loop, new LoopThread(name(), loop).start());
    }

    @Override
    public synchronized void stop() {
        Running now = running;
        if (now != null) {
            running = null;
            now.thread().stop(PATIENCE);
        }
    }

    @Override
    public Health health() {
        Running now = running;
        if (now == null) {
            return new Health(false, "not started");
        }
        if (!now.thread().isAlive()) {
            return new Health(false, "its loop has ended; restart the process and read its log");
        }
        Map<?, String> stopped = now.loop().stopped();
        if (!stopped.isEmpty()) {
            return new Health(false, String.join("; ", stopped.values()));
        }
        String trouble = now.thread().trouble();
        return trouble.isEmpty() ? health(clock.millis() - now.loop().lastPollMs()) : new Health(false, trouble);
    }

    /// A loop that neither fails nor goes on waits for something that does not answer.
    static Health health(long sinceLastPollMs) {
        return sinceLastPollMs <= LONGEST_POLL.toMillis()
                ? new Health(true, "counting")
                : new Health(
                        false,
                        "its loop has not gone round for " + Duration.ofMillis(sinceLastPollMs)
                                + "; look whether PostgreSQL and Kafka answer, and restart the process if they do");
    }
}
