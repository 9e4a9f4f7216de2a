// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Runs mirrors beside the traffic: a bounded number of them and of the bytes they hold waits or runs, a
/// few run at once, they cost so much an hour, and under pressure they are the first to go. Each that goes
/// is counted, by its reason.
final class Mirrors implements AutoCloseable {
    static final String QUEUE = "queue";
    static final String COST = "cost";
    static final String BATTERY = "battery";
    static final String HEAT = "heat";
    static final String METERED = "metered";
    static final String CLOSING = "closing";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /// Of the bodies that all of them hold.
    private static final long MOST_BYTES = 16L << 20;

    private final int most;
    private final Policies.Mirroring policy;
    private final Duration patience;
    private final Semaphore room;
    private final Semaphore running;
    private final AtomicLong held = new AtomicLong();
    private final CostCap cap;
    private final LongSupplier nanoTime;
    private final AtomicLong shed = new AtomicLong();
    private final Map<String, Long> reasons = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("edgewise-mirror-", 0).factory());

    Mirrors(int most, Policies.Mirroring policy, LongSupplier nanoTime) {
        this(most, policy, nanoTime, PATIENCE);
    }

    Mirrors(int most, Policies.Mirroring policy, LongSupplier nanoTime, Duration patience) {
        this.most = most;
        this.policy = policy;
        this.patience = patience;
        this.nanoTime = nanoTime;
        this.room = new Semaphore(most);
        this.running = new Semaphore(policy.atOnce());
        this.cap = new CostCap(policy.nanosPerHour(), nanoTime.getAsLong());
    }

    /// Why a mirror must not run now; empty when it may.
    private String obstacle(Target target, DeviceState state) {
        boolean asksFrontier = target.who() instanceof Target.Frontier;
        if (state.isBelow(policy.lowBattery())) {
            return BATTERY;
        }
        if (state.isHot()) {
            return HEAT;
        }
        if (asksFrontier && state.metered().orElse(false)) {
            return METERED;
        }
        return asksFrontier && cap.isReached(nanoTime.getAsLong()) ? COST : "";
    }

    /// A mirror, what runs instead where it is shed, and how many bytes it holds until then.
    record Job(long bytes, Runnable mirror, Runnable instead) {}

    /// Runs the mirror on a thread of its own. When it must not, or there is no room or no time left, it
    /// is shed and counted, and `instead` runs.
    void offer(Target target, DeviceState state, Job job) {
        String obstacle = obstacle(target, state);
        if (!obstacle.isEmpty()) {
            shed(obstacle, job.instead());
            return;
        }
        if (!enter(job)) {
            shed(QUEUE, job.instead());
            return;
        }
        try {
            threads.execute(() -> run(job));
        } catch (RejectedExecutionException e) {
            leave(job);
            shed(CLOSING, job.instead());
        }
    }

    /// One that is larger than all may be has room when it is alone.
    private boolean enter(Job job) {
        if (!room.tryAcquire()) {
            return false;
        }
        long all = held.addAndGet(job.bytes());
        if (all > MOST_BYTES && all != job.bytes()) {
            leave(job);
            return false;
        }
        return true;
    }

    private void leave(Job job) {
        held.addAndGet(-job.bytes());
        room.release();
    }

    private void run(Job job) {
        try {
            running.acquire();
            try {
                job.mirror().run();
            } finally {
                running.release();
            }
        } catch (InterruptedException e) {
            shed(CLOSING, job.instead());
        } finally {
            leave(job);
        }
    }

    /// What an arm that was asked after the response cost.
    void spent(Attempt attempt) {
        if (attempt.arm().hasFrontier() && attempt.arm().hasCost()) {
            cap.spend(attempt.arm().getCost().getNanos());
        }
    }

    private void shed(String reason, Runnable instead) {
        shed.incrementAndGet();
        reasons.merge(reason, 1L, Long::sum);
        instead.run();
    }

    long shed() {
        return shed.get();
    }

    Map<String, Long> reasons() {
        return new TreeMap<>(reasons);
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
