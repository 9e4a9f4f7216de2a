// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for a condition of a real system, however long it takes within a generous limit: the limit bounds a failing
/// test, it is no statement about speed.
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 20_000_000;

    private Await() {}

    public static void until(String what, Callable<Boolean> condition) {
        until(what, LIMIT, condition);
    }

    public static void until(String what, Duration limit, Callable<Boolean> condition) {
        long end = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new AssertionError("did not happen within " + limit + ": " + what, last);
    }
}
