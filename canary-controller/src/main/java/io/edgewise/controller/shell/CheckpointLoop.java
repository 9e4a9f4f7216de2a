// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.KeyCabinet;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Signs the heads of all chains once an interval, though nobody asks: what was written is found changed up
/// to the last checkpoint only.
final class CheckpointLoop implements LoopThread.Loop {
    private static final long LOOK_SECONDS = 60;

    private final Database database;
    private final Checkpoints checkpoints;
    private final InstantSource clock;
    private final String tenant;
    private final Duration interval;
    private final Semaphore wake = new Semaphore(0);

    CheckpointLoop(Database database, KeyCabinet keys, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.checkpoints = new Checkpoints(keys);
        this.clock = clock;
        this.tenant = config.tenant();
        this.interval = Duration.ofMinutes(config.checkpointMinutes());
    }

    @Override
    public void poll() throws Exception {
        if (interval.isPositive()) {
            writeDue();
        }
        if (wake.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS)) {
            wake.drainPermits();
        }
    }

    /// Whether this instance wrote one.
    boolean writeDue() throws SQLException {
        return database.transact(sql -> {
            Limits.set(sql, 20, 20, 40);
            return checkpoints.writeDue(sql, tenant, clock.instant(), interval).isPresent();
        });
    }

    @Override
    public void wakeUp() {
        wake.release();
    }
}
