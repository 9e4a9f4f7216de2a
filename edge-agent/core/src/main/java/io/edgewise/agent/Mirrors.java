// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Runs mirrors beside the traffic: a bounded number waits or runs, a few run at once, and under pressure they are
/// the first to go.
final class Mirrors implements AutoCloseable {
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final int most;
    private final Duration patience;
    private final Semaphore room;
    private final Semaphore running = new Semaphore(AT_ONCE);
    private final AtomicLong shed = new AtomicLong();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("edgewise-mirror-", 0).factory());

    Mirrors(int most) {
        this(most, PATIENCE);
    }

    Mirrors(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
        this.room = new Semaphore(most);
    }

    /// Runs the mirror on a thread of its own. When there is no room, or no time left, it is shed and counted, and
    /// `instead` runs.
    void offer(Runnable mirror, Runnable instead) {
        if (!room.tryAcquire()) {
            shed(instead);
            return;
        }
        try {
            threads.execute(() -> run(mirror, instead));
        } catch (RejectedExecutionException e) {
            room.release();
            shed(instead);
        }
    }

    private void run(Runnable mirror, Runnable instead) {
        try {
            running.acquire();
            try {
                mirror.run();
            } finally {
                running.release();
            }
        } catch (InterruptedException e) {
            shed(instead);
        } finally {
            room.release();
        }
    }

    private void shed(Runnable instead) {
        shed.incrementAndGet();
        instead.run();
    }

    long shed() {
        return shed.get();
    }

    /// Waits until none waits or runs; false when that took longer.
    boolean awaitIdle(long millis) throws InterruptedException {
        if (!room.tryAcquire(most, millis, TimeUnit.MILLISECONDS)) {
            return false;
        }
        room.release(most);
        return true;
    }

    /// Gives mirrors a while to end, then interrupts them and lets them record that.
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                boolean _ = threads.awaitTermination(patience.toMillis() / 5, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
