// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.shell.webhook.Delivering;
import io.edgewise.drift.shell.webhook.Endpoint;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Compares what a challenger answers after shadow with its baselines, and tells what it finds. Any number of
/// processes may run it.
@ApplicationScoped
public class DriftRole implements Role {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    private final Database database;
    private final DriftConfig config;
    private final InstantSource clock;
    private volatile @Nullable Running running;

    @Inject
    public DriftRole(Database database, DriftConfig config, InstantSource clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    private record Running(DriftLoop loop, LoopThread thread, List<LoopThread> webhooks) {}

    @Override
    public String name() {
        return "drift";
    }

    @Override
    public List<Migration> migrations() {
        return List.of(new Migration("drift", "db/drift"));
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            List<Endpoint> endpoints = config.endpoints();
            DriftLoop loop = new DriftLoop(database, config.settings(), clock, new SecureRandom());
            Delivering.Limits limits = new Delivering.Limits(
                    config.webhook().timeout(), config.webhook().giveUpAfter());
            SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
            List<LoopThread> webhooks = new ArrayList<>();
            for (Endpoint endpoint : endpoints) {
                webhooks.add(new LoopThread(
                                "webhook-" + endpoint.name(), new Delivering(database, endpoint, limits, clock, tls))
                        .start());
            }
            running = new Running(loop, new LoopThread("drift", loop).start(), webhooks);
        }
    }

    @Override
    public synchronized void stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            stopping.thread.stop(STOP_WITHIN);
            stopping.webhooks.forEach(each -> each.stop(STOP_WITHIN));
        }
    }

    @Override
    public Health health() {
        Running present = running;
        if (present == null) {
            return new Health(false, "not started");
        }
        if (!present.thread.isAlive() || present.webhooks.stream().anyMatch(each -> !each.isAlive())) {
            return new Health(false, "a thread of drift has ended; restart the process and read its log");
        }
        String trouble = present.thread.trouble();
        if (!trouble.isEmpty()) {
            return new Health(false, "windows cannot be read; check that the database runs: " + trouble);
        }
        List<String> troubles = present.loop.troubles();
        return troubles.isEmpty()
                ? new Health(true, "watching windows")
                : new Health(
                        false, String.join("; ", troubles) + "; the others are judged; read the log for the cause");
    }
}
