// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// Gives up on native code that does not come back in time. What was given up goes on until it ends, on a
/// thread of its own; when too many calls of a model hang, no new one of it begins. Of each model some run
/// at once, the others wait for a place: neither says anything of the model.
public final class Fence implements AutoCloseable {
    static final int MOST = 16;
    /// So many runs in a row, none longer than this, make a model a quick one.
    static final int QUICK_RUNS = 16;

    private static final long QUICK_NANOS = 5_000_000;

    private final LongSupplier nanoTime;
    private final boolean hasSpareProcessor;
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("edgewise-model-", 0).factory());

    public Fence(LongSupplier nanoTime) {
        this(nanoTime, Runtime.getRuntime().availableProcessors());
    }

    Fence(LongSupplier nanoTime, int processors) {
        this.nanoTime = nanoTime;
        this.hasSpareProcessor = processors > 1;
    }

    /// No place came free in time: the model was not asked.
    public static final class Crowded extends Exception {
        private static final long serialVersionUID = 1;

        private Crowded(String model) {
            super(MOST + " calls of " + model + " are under way, and none of them ended in time");
        }
    }

    /// Of one model: places for calls that somebody waits for, how many go on that nobody waits for, how
    /// many in a row were quick, and whether one runs on its caller's own thread.
    private record Gate(Semaphore places, AtomicInteger hanging, AtomicInteger quick, AtomicBoolean own) {
        Gate() {
            this(new Semaphore(MOST, true), new AtomicInteger(), new AtomicInteger(), new AtomicBoolean());
        }

        /// One at a time, so that a quick model that hangs once takes no more than one processor from all
        /// that runs on virtual threads.
        boolean takeOwn() {
            return quick.get() >= QUICK_RUNS && places.availablePermits() == MOST && own.compareAndSet(false, true);
        }
    }

    private enum State {
        WAITING,
        RUNNING,
        GIVEN_UP,
        OVER
    }

    /// On the caller's own thread where nothing limits it, where the model ends in time by itself, and
    /// where it has long been quick, since a hand-over costs more than a small model. What may be given
    /// up does not stream: it could still write when another arm answers.
    public ModelAnswer ask(EdgeModel model, Request request, Optional<Duration> limit)
            throws TimeoutException, InterruptedException, ExecutionException, Crowded {
        if (limit.isEmpty()) {
            return model.infer(request);
        }
        return model.endsInTime()
                ? model.infer(request, limit.get())
                : within(model.build(), limit.get(), () -> model.infer(request.mirrored()));
    }

    <T> T within(String model, Duration limit, Callable<T> call)
            throws TimeoutException, InterruptedException, ExecutionException, Crowded {
        Gate gate = gates.computeIfAbsent(model, _ -> new Gate());
        if (gate.hanging().get() >= MOST) {
            throw new TimeoutException(MOST + " calls of " + model + " hang; none begins until one ends");
        }
        if (hasSpareProcessor && limit.isPositive() && gate.takeOwn()) {
            try {
                return timed(gate, call);
            } catch (Exception e) {
                throw new ExecutionException(e);
            } finally {
                gate.own().set(false);
            }
        }
        long start = nanoTime.getAsLong();
        if (!gate.places().tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new Crowded(model);
        }
        try {
            long left = limit.toNanos() - (nanoTime.getAsLong() - start);
            return await(gate, Math.max(0, left), call);
        } finally {
            gate.places().release();
        }
    }

    private <T> T await(Gate gate, long nanos, Callable<T> call)
            throws TimeoutException, InterruptedException, ExecutionException {
        AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        Future<Optional<T>> future;
        try {
            future = threads.submit(() -> run(gate, state, call));
        } catch (RejectedExecutionException e) {
            throw new ExecutionException(e);
        }
        try {
            return future.get(nanos, TimeUnit.NANOSECONDS).orElseThrow();
        } catch (TimeoutException | InterruptedException e) {
            giveUp(gate, state);
            future.cancel(true);
            throw e;
        }
    }

    /// Counted first: the call may end at any moment.
    private static void giveUp(Gate gate, AtomicReference<State> state) {
        gate.hanging().incrementAndGet();
        boolean isRunning =
                !state.compareAndSet(State.WAITING, State.OVER) && state.compareAndSet(State.RUNNING, State.GIVEN_UP);
        if (!isRunning) {
            gate.hanging().decrementAndGet();
        }
    }

    private <T> Optional<T> run(Gate gate, AtomicReference<State> state, Callable<T> call) throws Exception {
        if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
            return Optional.empty();
        }
        try {
            return Optional.of(timed(gate, call));
        } finally {
            if (state.getAndSet(State.OVER) == State.GIVEN_UP) {
                gate.hanging().decrementAndGet();
            }
        }
    }

    private <T> T timed(Gate gate, Callable<T> call) throws Exception {
        long start = nanoTime.getAsLong();
        T answer = call.call();
        boolean isQuick = nanoTime.getAsLong() - start <= QUICK_NANOS;
        gate.quick().updateAndGet(before -> isQuick ? Math.min(before + 1, QUICK_RUNS) : 0);
        return answer;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
