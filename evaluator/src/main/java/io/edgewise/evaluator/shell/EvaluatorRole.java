// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.evaluator.shell.judge.JudgeStation;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final MeterRegistry meters;
    private final JudgeStation judging;

    private volatile @Nullable Running running;

    private record Running(
            EvaluatorLoop loop,
            LoopThread thread,
            LoopMetrics metrics,
            WindowKeeper keeper,
            LoopThread keeping,
            KeeperMetrics keeperMetrics) {}

    @Inject
    public EvaluatorRole(
            Database database,
            KafkaSettings kafka,
            DeviceSecrets secrets,
            InstantSource clock,
            EvaluatorConfig config,
            MeterRegistry meters,
            JudgeStation judging) {
        this.database = database;
        this.kafka = kafka;
        this.secrets = secrets;
        this.clock = clock;
        this.config = config;
        this.meters = meters;
        this.judging = judging;
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
        EvaluatorSettings settings = EvaluatorSettings.of(config);
        judging.start(config.keepText(), settings.retention());
        EvaluatorLoop loop = new EvaluatorLoop(
                new KafkaConsumer<>(consumerProperties(kafka)),
                new KafkaDeadLetters(kafka),
                database,
                secrets,
                settings,
                clock);
        LoopMetrics metrics = new LoopMetrics(meters, loop.stats(), clock).bind();
        WindowKeeper keeper = new WindowKeeper(database, clock, settings.policy(), settings.retention());
        running = new Running(
                loop,
                new LoopThread(name(), loop).start(),
                metrics,
                keeper,
                new LoopThread(name() + "-keeper", keeper).start(),
                new KeeperMetrics(meters, keeper.stats()));
    }

    @Override
    public synchronized void stop() {
        Running now = running;
        if (now != null) {
            running = null;
            judging.stop();
            now.thread().stop(PATIENCE);
            now.metrics().close();
            now.keeping().stop(PATIENCE);
            now.keeperMetrics().close();
        }
    }

    @Override
    public Health health() {
        Running now = running;
        if (now == null) {
            return new Health(false, "not started");
        }
        if (!now.thread().isAlive() || !now.keeping().isAlive()) {
            return new Health(false, "one of its loops has ended; restart the process and read its log");
        }
        Map<?, String> stopped = now.loop().stopped();
        if (!stopped.isEmpty()) {
            return new Health(false, String.join("; ", stopped.values()));
        }
        String trouble = now.thread().trouble();
        if (trouble.isEmpty()) {
            trouble = now.keeping().trouble();
        }
        if (!trouble.isEmpty()) {
            return new Health(false, trouble);
        }
        Health judge = judging.health();
        if (!judge.up()) {
            return judge;
        }
        Health health = health(clock.millis() - now.loop().lastPollMs());
        LoopState state = now.loop().stats().state();
        String alarm = state == null ? "" : state.alarm();
        return new Health(health.up(), health.detail() + alarm + judge.detail());
    }

    /// What the keeper of windows did since the start; empty before. For any thread.
    public Optional<KeeperStats> keeperStats() {
        Running now = running;
        return now == null ? Optional.empty() : Optional.of(now.keeper().stats());
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
