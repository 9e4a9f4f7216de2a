// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// That the user wants to stop, noticed between steps.
final class StopRequest {
    private final CountDownLatch made = new CountDownLatch(1);

    /// The user stopped the demo before it came to its end.
    static final class Stopped extends Exception {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    void make() {
        made.countDown();
    }

    boolean isMade() {
        return made.getCount() == 0;
    }

    void check() throws Stopped {
        if (isMade()) {
            throw new Stopped();
        }
    }

    /// Waits, but no longer than until the user wants to stop.
    void pause(Duration time) throws Stopped {
        try {
            if (made.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Stopped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped();
        }
    }
}
