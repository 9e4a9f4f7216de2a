// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tries again what a server that is still starting elsewhere may refuse, for a bounded time.
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final long PAUSE_MS = 1_000;

    private final Duration limit;

    Patience(Duration limit) {
        this.limit = limit;
    }

    <T> T until(String what, String advice, Callable<T> attempt) {
        long begin = System.nanoTime();
        boolean said = false;
        while (true) {
            try {
                return attempt.call();
            } catch (StartRefused e) {
                throw e;
            } catch (Exception e) {
                String reason = reason(e);
                if (System.nanoTime() - begin >= limit.toNanos()) {
                    throw new StartRefused(
                            what + " could not be reached for " + limit.toSeconds() + " s: " + reason + ". " + advice);
                }
                if (!said) {
                    said = true;
                    LOG.warn("{} cannot be reached yet: {}. Trying for {} s.", what, reason, limit.toSeconds());
                }
                pause(what);
            }
        }
    }

    private static void pause(String what) {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("interrupted while waiting for " + what);
        }
    }

    private static String reason(Exception e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String name = deepest.getClass().getSimpleName();
        return deepest.getMessage() == null ? name : name + ": " + deepest.getMessage();
    }
}
