// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.util.function.LongSupplier;

/// How long to wait after failures: twice as long each time, between half and all of it, so that devices that failed
/// together do not return together. Used by one thread.
public final class Backoff {
    private final long firstMillis;
    private final long longestMillis;
    private final LongSupplier random;
    private long next;

    public Backoff(long firstMillis, long longestMillis, LongSupplier random) {
        this.firstMillis = firstMillis;
        this.longestMillis = longestMillis;
        this.random = random;
        this.next = firstMillis;
    }

    /// The next failure's wait.
    public long nextMillis() {
        long full = next;
        next = Math.min(longestMillis, next * 2);
        long half = full / 2;
        return half + Long.remainderUnsigned(random.getAsLong(), full - half + 1);
    }

    public void reset() {
        next = firstMillis;
    }
}
