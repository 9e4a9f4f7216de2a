// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import org.jspecify.annotations.Nullable;

/// What a virtual thread does for one request, until it is done or nobody waits any more. Interrupts never reach what
/// comes after it.
final class Work {
    private enum State {
        RUNNING,
        CANCELLED,
        DONE
    }

    private State state = State.RUNNING;
    private @Nullable Thread worker;

    /// Runs it, on the present thread.
    void run(Runnable task) {
        synchronized (this) {
            worker = Thread.currentThread();
            if (state == State.CANCELLED) {
                return;
            }
        }
        try {
            task.run();
        } finally {
            finish();
        }
    }

    private synchronized void finish() {
        if (state == State.RUNNING) {
            state = State.DONE;
        }
        boolean _ = Thread.interrupted();
    }

    synchronized void cancel() {
        if (state == State.RUNNING) {
            state = State.CANCELLED;
            if (worker != null) {
                worker.interrupt();
            }
        }
    }
}
