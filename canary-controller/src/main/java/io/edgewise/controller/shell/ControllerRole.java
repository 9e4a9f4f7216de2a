// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.KeyCabinet;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides on rollouts and sends their orders.
@ApplicationScoped
public class ControllerRole implements Role {
    private static final Duration STOP = Duration.ofSeconds(8);

    private final Database database;
    private final KafkaSettings kafka;
    private final KeyCabinet keys;
    private final InstantSource clock;
    private final ControllerConfig config;
    private final Looking looking;
    private @Nullable Running running;

    private record Running(
            LoopThread decide, LoopThread outbox, LoopThread devices, LoopThread checkpoints, Deciding deciding) {}

    @Inject
    public ControllerRole(
            Database database,
            KafkaSettings kafka,
            KeyCabinet keys,
            InstantSource clock,
            ControllerConfig config,
            Looking looking) {
        this.database = database;
        this.kafka = kafka;
        this.keys = keys;
        this.clock = clock;
        this.config = config;
        this.looking = looking;
    }

    @Override
    public String name() {
        return "controller";
    }

    @Override
    public List<Migration> migrations() {
        return List.of(new Migration("controller", "db/controller"));
    }

    @Override
    public synchronized void start() {
        if (running != null) {
            return;
        }
        RolloutRows rollouts = new RolloutRows();
        Enactment enactment = new Enactment(rollouts, keys, config.pace());
        Deciding deciding = new Deciding(database, rollouts, looking, enactment, clock, config.restMillis());
        Outbox outbox = new Outbox(database, kafka, clock, config.outboxMillis());
        DecideLoop loop = new DecideLoop(
                new Notifications(database.source()), deciding, outbox::wakeUp, (int) config.lookMillis(), (int)
                        config.restMillis());
        DeviceFeed devices = new DeviceFeed(
                database,
                kafka,
                clock,
                Duration.ofSeconds(config.silentSeconds()),
                Duration.ofDays(config.keepDevicesDays()));
        running = new Running(
                new LoopThread("controller-decide", loop).start(),
                new LoopThread("controller-outbox", outbox).start(),
                new LoopThread("controller-devices", devices).start(),
                new LoopThread("controller-checkpoints", new CheckpointLoop(database, keys, clock, config)).start(),
                deciding);
    }

    @Override
    public synchronized void stop() {
        Running threads = running;
        running = null;
        if (threads != null) {
            threads.decide().stop(STOP);
            threads.outbox().stop(STOP);
            threads.devices().stop(STOP);
            threads.checkpoints().stop(STOP);
        }
    }

    @Override
    public synchronized Health health() {
        Running threads = running;
        if (threads == null) {
            return new Health(false, "not started");
        }
        String trouble = threads.decide().trouble()
                + threads.outbox().trouble()
                + threads.devices().trouble()
                + threads.checkpoints().trouble()
                + threads.deciding().trouble();
        boolean alive = threads.decide().isAlive()
                && threads.outbox().isAlive()
                && threads.devices().isAlive()
                && threads.checkpoints().isAlive();
        if (!alive) {
            return new Health(false, "a loop has ended; restart this process");
        }
        return trouble.isEmpty() ? new Health(true, "looks at rollouts") : new Health(false, trouble);
    }
}
