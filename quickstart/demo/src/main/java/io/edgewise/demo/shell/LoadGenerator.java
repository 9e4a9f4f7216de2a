// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.demo.Call;
import io.edgewise.demo.Pace;
import io.edgewise.demo.Traffic;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The demo app on all devices: sends each call at its time on a virtual thread, whatever became of those before as
/// long as the machine keeps pace, and later tells the truth about some. Can pause, so that what was sent can be
/// compared with what was counted.
final class LoadGenerator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadGenerator.class);

    /// More at once only queue up in front of a machine that cannot keep pace.
    private static final int MOST_UNDER_WAY = 4_000;

    /// What the machine kept this thread from sending for longer is not made up for.
    private static final long MOST_LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(2);

    private final Traffic traffic;
    private final App app;
    private final ScheduledExecutorService timer;
    private final Thread thread;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong truths = new AtomicLong();
    private final AtomicLong underWay = new AtomicLong();
    private final AtomicLong truthsToCome = new AtomicLong();
    private volatile Pace pace = Pace.begin(0);
    private volatile boolean flowing;
    private volatile boolean stopped;

    /// What the app does with the device that it runs on.
    interface App {
        /// Serves a call and returns the token for feedback; throws when there was no answer.
        String serve(Call call) throws Unanswered;

        /// Whether the device took it.
        boolean tellTruth(Call call, String token);
    }

    /// The device had no answer.
    static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1;

        Unanswered(String reason) {
            super(reason, null, false, false);
        }
    }

    LoadGenerator(Traffic traffic, App app, ScheduledExecutorService timer) {
        this.traffic = traffic;
        this.app = app;
        this.timer = timer;
        this.thread = Thread.ofPlatform().name("load-generator").daemon().start(this::run);
    }

    void flow() {
        flowing = true;
        LockSupport.unpark(thread);
    }

    /// Sends nothing new and waits until what was begun is done, truths included.
    void pause(Duration atMost, StopRequest stop) throws StopRequest.Stopped {
        flowing = false;
        long end = System.nanoTime() + atMost.toNanos();
        while (underWay.get() + truthsToCome.get() > 0 && System.nanoTime() < end) {
            stop.pause(LOOK_EVERY);
        }
    }

    long requests() {
        return requests.get();
    }

    /// The share of the wanted traffic that the machine carries.
    double share() {
        return pace.share();
    }

    long failed() {
        return failed.get();
    }

    long skipped() {
        return skipped.get();
    }

    /// Truths that a device took.
    long truths() {
        return truths.get();
    }

    private void run() {
        long due = System.nanoTime();
        pace = Pace.begin(due);
        while (!stopped) {
            if (!flowing) {
                LockSupport.parkNanos(IDLE_NANOS);
                due = System.nanoTime();
                pace = Pace.begin(due);
                continue;
            }
            Call call = traffic.next();
            long now = System.nanoTime();
            Pace present = pace.at(now, underWay.get(), traffic.ratePerSecond());
            pace = present;
            due = Math.max(due, now - MOST_LATE_NANOS) + Math.round(call.gapNanos() / present.share());
            for (long left = due - System.nanoTime(); left > 0 && !stopped; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            begin(call);
        }
    }

    private void begin(Call call) {
        // Counted as under way before it is looked at, so that a pause cannot slip in between.
        if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
            underWay.decrementAndGet();
            skipped.incrementAndGet();
        } else if (!flowing) {
            underWay.decrementAndGet();
        } else {
            Thread.ofVirtual().start(() -> send(call));
        }
    }

    private void send(Call call) {
        try {
            requests.incrementAndGet();
            String token = app.serve(call);
            call.truthAfter().ifPresent(delay -> {
                truthsToCome.incrementAndGet();
                Future<?> _ = timer.schedule(
                        () -> Thread.ofVirtual().start(() -> tellTruth(call, token)),
                        delay.toNanos(),
                        TimeUnit.NANOSECONDS);
            });
        } catch (Unanswered e) {
            failed.incrementAndGet();
        } catch (RuntimeException e) {
            // Counted every time, told once: a broken device breaks hundreds of times a second.
            if (failed.incrementAndGet() == 1) {
                LOG.warn("Device {} failed at a request.", call.device(), e);
            }
        } finally {
            underWay.decrementAndGet();
        }
    }

    private void tellTruth(Call call, String token) {
        try {
            if (stopped) {
                return;
            }
            if (app.tellTruth(call, token)) {
                truths.incrementAndGet();
            } else {
                LOG.warn("Device {} did not take feedback.", call.device());
            }
        } catch (RuntimeException e) {
            LOG.warn("Device {} could not take feedback.", call.device(), e);
        } finally {
            truthsToCome.decrementAndGet();
        }
    }

    @Override
    public void close() {
        flowing = false;
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOPS_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
