// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.role;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One platform thread that calls one `poll()` until it is stopped. A poll that throws is reported, its loop is told
/// (`recover`), and polling goes on after a growing pause: a loop never dies in silence.
public final class LoopThread {
    private static final Logger LOG = LoggerFactory.getLogger(LoopThread.class);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final String name;
    private final Loop loop;
    private final Thread thread;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private volatile String trouble = "";

    /// What the thread drives.
    public interface Loop {
        /// Does one round of work; may block for a bounded time.
        void poll() throws Exception;

        /// Called after a poll threw, before the next one: throw away what cannot be trusted.
        default void recover() throws Exception {}

        /// Called from another thread to end a blocking poll.
        default void wakeUp() {}

        /// Called once on the loop's thread at the end.
        default void close() throws Exception {}
    }

    public LoopThread(String name, Loop loop) {
        this.name = name;
        this.loop = loop;
        this.thread = Thread.ofPlatform().name("edgewise-" + name).unstarted(this::run);
    }

    public LoopThread start() {
        thread.start();
        return this;
    }

    /// Ends the loop and waits for it.
    public void stop(Duration atMost) {
        running.set(false);
        stopRequested.countDown();
        loop.wakeUp();
        try {
            if (!thread.join(atMost)) {
                LOG.warn("Loop \"{}\" did not stop within {}; it is interrupted.", name, atMost);
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Empty when the last poll went well.
    public String trouble() {
        return trouble;
    }

    public boolean isAlive() {
        return thread.isAlive();
    }

    private void run() {
        long pause = FIRST_PAUSE_MS;
        while (running.get()) {
            try {
                loop.poll();
                pause = FIRST_PAUSE_MS;
                if (!trouble.isEmpty()) {
                    LOG.info("Loop \"{}\" works again.", name);
                    trouble = "";
                }
            } catch (Exception e) {
                if (!running.get()) {
                    break;
                }
                report(e);
                await(pause);
                pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
                recover();
            }
        }
        try {
            loop.close();
        } catch (Exception e) {
            LOG.warn("Loop \"{}\" did not close cleanly.", name, e);
        }
    }

    private void report(Exception e) {
        String message = e.getClass().getSimpleName() + ": " + e.getMessage();
        boolean again = trouble.equals(message);
        trouble = message;
        if (again) {
            LOG.debug("Loop \"{}\" fails again.", name, e);
        } else {
            LOG.warn("Loop \"{}\" failed and will try again.", name, e);
        }
    }

    private void recover() {
        try {
            loop.recover();
        } catch (Exception e) {
            LOG.warn("Loop \"{}\" could not recover yet.", name, e);
        }
    }

    private void await(long millis) {
        try {
            if (stopRequested.await(millis, TimeUnit.MILLISECONDS)) {
                running.set(false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.set(false);
        }
    }
}
