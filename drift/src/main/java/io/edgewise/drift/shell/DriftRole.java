// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares what a challenger answers after shadow with what it answered in shadow. Any number of processes may run it.
@ApplicationScoped
public class DriftRole implements Role {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    private final Database database;
    private final DriftConfig config;
    private final InstantSource clock;
    private volatile @Nullable LoopThread loop;

    @Inject
    public DriftRole(Database database, DriftConfig config, InstantSource clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

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
        if (loop == null) {
            loop = new LoopThread(
                            "drift",
                            new DriftLoop(database, config.policy(), config.every(), clock, new SecureRandom()))
                    .start();
        }
    }

    @Override
    public synchronized void stop() {
        LoopThread stopping = loop;
        loop = null;
        if (stopping != null) {
            stopping.stop(STOP_WITHIN);
        }
    }

    @Override
    public Health health() {
        LoopThread present = loop;
        if (present == null) {
            return new Health(false, "not started");
        }
        String trouble = present.trouble();
        return trouble.isEmpty() ? new Health(true, "watching windows") : new Health(false, trouble);
    }
}
