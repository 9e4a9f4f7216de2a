// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.builds.BuildKeeper;
import io.edgewise.agent.builds.BuildRefusal;
import io.edgewise.agent.spool.Backoff;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Brings the builds that the orders name, beside the traffic: what is ready serves from the next request
/// on. A build that could not be fetched is tried again, one that was refused not before the orders
/// change.
final class BuildCourier implements Runnable {
    private static final long IDLE_MS = 60_000;

    private final BuildKeeper keeper;
    private final Supplier<Set<String>> wanted;
    private final Backoff backoff;
    private final Semaphore news = new Semaphore(0);
    private final Set<String> refused = new HashSet<>();
    private volatile boolean stopped;

    BuildCourier(
            BuildKeeper keeper, Supplier<Set<String>> wanted, Consumer<Map<String, EdgeModel>> ready, Backoff backoff) {
        this.keeper = keeper;
        this.wanted = wanted;
        this.backoff = backoff;
        keeper.onChange(() -> ready.accept(keeper.ready()));
    }

    private boolean wants(String build) {
        return !stopped && wanted.get().contains(build);
    }

    /// The orders have changed.
    void wake() {
        news.release();
    }

    void stop() {
        stopped = true;
        news.release();
    }

    @Override
    public void run() {
        while (!stopped) {
            boolean isComplete = bring();
            try {
                if (isComplete) {
                    backoff.reset();
                }
                long pause = isComplete ? IDLE_MS : backoff.nextMillis();
                if (news.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    int _ = news.drainPermits();
                    refused.clear();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Whether all that can be had is here.
    boolean bring() {
        boolean isComplete = true;
        Set<String> all = wanted.get();
        for (String build : all) {
            if (!wants(build) || refused.contains(build) || keeper.has(build)) {
                continue;
            }
            try {
                EdgeModel _ = keeper.obtain(build, new BuildKeeper.Wish(all, () -> wants(build)));
            } catch (BuildRefusal e) {
                // The keeper has told why.
                refused.add(build);
            } catch (IOException | RuntimeException e) {
                isComplete = false;
                System.getLogger(BuildCourier.class.getName())
                        .log(System.Logger.Level.INFO, "build {0} is not here yet: {1}", build, e.getMessage());
            }
        }
        return isComplete;
    }
}
