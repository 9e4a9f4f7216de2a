// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Who is inside of something that may only be freed when nobody is: the one who closes it frees it, or,
/// where that one did not wait so long, the last who leaves.
final class Occupancy {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    private int inside;
    private boolean closed;
    private boolean waiting;

    /// False when it is closed.
    boolean enter() {
        lock.lock();
        try {
            if (!closed) {
                inside++;
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the one who leaves must free it.
    boolean leave() {
        lock.lock();
        try {
            inside--;
            empty.signalAll();
            return closed && !waiting && inside == 0;
        } finally {
            lock.unlock();
        }
    }

    /// Nobody comes in any more. Waits so long for those inside, then hurries them and waits as long again.
    /// Whether the one who closes must free it.
    boolean close(Duration patience, Runnable hurry) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            waiting = true;
            if (!isEmptyWithin(patience)) {
                hurry.run();
                boolean _ = isEmptyWithin(patience);
            }
            waiting = false;
            return inside == 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmptyWithin(Duration patience) {
        long nanos = patience.toNanos();
        try {
            while (inside > 0 && nanos > 0) {
                nanos = empty.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return inside == 0;
    }
}
