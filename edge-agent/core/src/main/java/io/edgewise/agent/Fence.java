// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Gives up on native code that does not come back in time. What was given up goes on until it ends, on a
/// thread of its own; when too many hang, nothing new begins.
final class Fence implements AutoCloseable {
    private static final int MOST = 16;

    private final Semaphore room = new Semaphore(MOST);
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("edgewise-model-", 0).factory());

    <T> T within(Duration limit, Callable<T> call) throws TimeoutException, InterruptedException, ExecutionException {
        if (!room.tryAcquire()) {
            throw new TimeoutException(MOST + " calls of models hang; none begins until one ends");
        }
        // Whoever takes it first gives the room back: the call when it ends, or the caller of one that never began.
        AtomicBoolean begun = new AtomicBoolean();
        Future<Optional<T>> future;
        try {
            future = threads.submit(() -> begin(begun, call));
        } catch (RejectedExecutionException e) {
            room.release();
            throw new ExecutionException(e);
        }
        try {
            return future.get(limit.toNanos(), TimeUnit.NANOSECONDS).orElseThrow();
        } catch (TimeoutException | InterruptedException e) {
            future.cancel(true);
            if (begun.compareAndSet(false, true)) {
                room.release();
            }
            throw e;
        }
    }

    private <T> Optional<T> begin(AtomicBoolean begun, Callable<T> call) throws Exception {
        if (!begun.compareAndSet(false, true)) {
            return Optional.empty();
        }
        try {
            return Optional.of(call.call());
        } finally {
            room.release();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
