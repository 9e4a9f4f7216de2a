// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.controller.shell.TokenBook;
import io.edgewise.runtime.role.LoopThread;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Reads generated tokens anew, so that one made or revoked elsewhere counts here within seconds.
final class TokenReader implements LoopThread.Loop {
    private static final long EVERY_MS = 2_000;

    private final TokenBook tokens;
    private final Semaphore wake = new Semaphore(0);

    TokenReader(TokenBook tokens) {
        this.tokens = tokens;
    }

    @Override
    public void poll() throws Exception {
        tokens.refresh();
        if (wake.tryAcquire(EVERY_MS, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    @Override
    public void wakeUp() {
        wake.release();
    }
}
