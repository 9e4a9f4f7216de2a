// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

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

    private final int most;
    private final Semaphore room;
    private final Semaphore running = new Semaphore(AT_ONCE);
    private final AtomicLong shed = new AtomicLong();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("edgewise-mirror-", 0).factory());

    Mirrors(int most) {
        this.most = most;
        this.room = new Semaphore(most);
    }

    /// False when there is no room: the mirror is shed and counted.
    boolean offer(Runnable mirror) {
        if (!room.tryAcquire()) {
            shed.incrementAndGet();
            return false;
        }
        try {
            threads.execute(() -> run(mirror));
            return true;
        } catch (RejectedExecutionException e) {
            room.release();
            shed.incrementAndGet();
            return false;
        }
    }

    private void run(Runnable mirror) {
        running.acquireUninterruptibly();
        try {
            mirror.run();
        } finally {
            running.release();
            room.release();
        }
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

    @Override
    public void close() {
        threads.close();
    }
}
