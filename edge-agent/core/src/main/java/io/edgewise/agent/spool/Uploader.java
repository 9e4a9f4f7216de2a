// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Sends one lane in the order of its sequences, a window at a time, and acknowledges what arrived. What
/// failed is sent again, for ever; the next window waits, so that the order holds. What comes after a pause
/// goes at once; the rest gathers for a moment, since a request of its own for each few records would take
/// more from the app than all else that is done for them.
public final class Uploader implements Runnable {
    private static final int WINDOW = 256;
    private static final int PACE_MS = 250;
    private static final int SPARING_SECONDS = 300;

    /// Where records go. The future completes when the record is safe there.
    @FunctionalInterface
    public interface Road {
        CompletableFuture<Void> send(byte[] record);
    }

    /// Whether records wait for each other now, and for how long.
    record Sparing(BooleanSupplier isNow, int seconds) {}

    /// What gathers records for the next window. True when it is time to stop.
    @FunctionalInterface
    interface Pause {
        boolean isLast(CountDownLatch stopped) throws InterruptedException;
    }

    private record Sent(Page.Stored record, CompletableFuture<Void> outcome) {}

    private final Spool spool;
    private final Lane lane;
    private final Road road;
    private final Backoff backoff;
    private final Sparing sparing;
    private final Pause pause;
    private final CountDownLatch stopped = new CountDownLatch(1);

    public Uploader(Spool spool, Lane lane, Road road, Backoff backoff) {
        this(spool, lane, road, backoff, () -> false);
    }

    /// While `sparing` says so, records wait for some minutes; then all that have gathered are sent.
    public Uploader(Spool spool, Lane lane, Road road, Backoff backoff, BooleanSupplier sparing) {
        this(spool, lane, road, backoff, new Sparing(sparing, SPARING_SECONDS));
    }

    Uploader(Spool spool, Lane lane, Road road, Backoff backoff, Sparing sparing) {
        this(spool, lane, road, backoff, sparing, stopped -> stopped.await(PACE_MS, TimeUnit.MILLISECONDS));
    }

    Uploader(Spool spool, Lane lane, Road road, Backoff backoff, Sparing sparing, Pause pause) {
        this.sparing = sparing;
        this.pause = pause;
        this.spool = spool;
        this.lane = lane;
        this.road = road;
        this.backoff = backoff;
    }

    public void stop() {
        stopped.countDown();
    }

    @Override
    public void run() {
        long epoch = 0;
        long after = 0;
        long gathered = 0;
        boolean going = true;
        while (going && stopped.getCount() > 0) {
            try {
                Page page = spool.read(lane, epoch, after, WINDOW).get();
                if (page.epoch() != epoch || after >= gathered) {
                    spare();
                    gathered = spool.counts(lane).lastSeq();
                }
                going = deliver(page.records());
                if (going) {
                    epoch = page.epoch();
                    after = page.records().getLast().seq();
                    spool.acknowledge(lane, epoch, after, page.records().size());
                    going = page.records().size() >= WINDOW || !pause.isLast(stopped);
                }
            } catch (ExecutionException e) {
                going = rest();
            } catch (InterruptedException e) {
                going = false;
            }
        }
    }

    private void spare() throws InterruptedException {
        for (int second = 0; second < sparing.seconds() && sparing.isNow().getAsBoolean(); second++) {
            if (stopped.await(1, TimeUnit.SECONDS)) {
                return;
            }
        }
    }

    private boolean deliver(List<Page.Stored> records) throws InterruptedException {
        List<Page.Stored> left = records;
        while (!left.isEmpty()) {
            if (stopped.getCount() == 0) {
                return false;
            }
            left = attempt(left);
            if (left.isEmpty()) {
                backoff.reset();
            } else if (!rest()) {
                return false;
            }
        }
        return true;
    }

    /// Sends all and returns those that failed.
    private List<Page.Stored> attempt(List<Page.Stored> records) throws InterruptedException {
        List<Sent> sent = new ArrayList<>(records.size());
        for (Page.Stored record : records) {
            sent.add(new Sent(record, send(record)));
        }
        List<Page.Stored> failed = new ArrayList<>();
        for (Sent one : sent) {
            try {
                one.outcome().get();
            } catch (ExecutionException e) {
                failed.add(one.record());
            }
        }
        return failed;
    }

    private CompletableFuture<Void> send(Page.Stored record) {
        try {
            return road.send(record.bytes());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /// Waits a while; false when it is time to stop.
    private boolean rest() {
        try {
            return !stopped.await(backoff.nextMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
