// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.LaneId;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Stores what the loop handed over, one hand-over at a time, on a thread of its own: the loop counts on meanwhile.
///
/// What is counted then is built on a flush that may fail. When it does, the loop throws all of it away.
final class Flusher implements AutoCloseable {
    private final LaneStore store;
    private final DeadLetters deadLetters;
    private final LoopStats stats;
    private final InstantSource clock;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("edgewise-evaluator-writer").factory());

    private @Nullable Pending pending;

    private record Pending(CompletableFuture<Outcome> outcome, long sinceMs) {}

    /// How a flush ended.
    sealed interface Outcome {}

    /// @param tookMs dead letters, and the transaction of counts and offsets
    /// @param rowsMs the transaction that moved marks and blocks to rows
    /// @param keeperLagMs how far keepers are behind; empty when nobody looked
    record Stored(HandOver what, long tookMs, long rowsMs, OptionalLong keeperLagMs) implements Outcome {}

    /// These lanes belong to somebody else by now. None of them where it was the book.
    record Lost(SortedSet<LaneId> lanes) implements Outcome {}

    /// It is open whether anything was stored.
    record Failed(Throwable cause) implements Outcome {}

    Flusher(LaneStore store, DeadLetters deadLetters, LoopStats stats, InstantSource clock) {
        this.store = store;
        this.deadLetters = deadLetters;
        this.stats = stats;
        this.clock = clock;
    }

    /// Whether a hand-over is being stored, or was and nobody asked yet how it ended.
    boolean isBusy() {
        return pending != null;
    }

    /// Since when.
    OptionalLong busySince() {
        Pending now = pending;
        return now == null ? OptionalLong.empty() : OptionalLong.of(now.sinceMs());
    }

    void begin(HandOver what) {
        if (pending != null) {
            throw new IllegalStateException("the flush before is not over");
        }
        pending = new Pending(CompletableFuture.supplyAsync(() -> store(what), writer), clock.millis());
    }

    /// How the flush ended that was begun; empty when there is none, or it is still going on. Says so once.
    Optional<Outcome> ended() {
        Pending now = pending;
        return now != null && now.outcome().isDone() ? await() : Optional.empty();
    }

    /// The same, and waits for its end.
    Optional<Outcome> await() {
        Pending now = pending;
        if (now == null) {
            return Optional.empty();
        }
        pending = null;
        return Optional.of(now.outcome().join());
    }

    private Outcome store(HandOver what) {
        try {
            long began = clock.millis();
            // A record that is refused is safe before its offset moves.
            if (!what.rejected().isEmpty()) {
                deadLetters.send(what.rejected());
            }
            if (!what.lanes().isEmpty()) {
                switch (store.flush(what)) {
                    case LaneStore.Fenced(SortedSet<LaneId> lanes) -> {
                        return new Lost(lanes);
                    }
                    case LaneStore.Written written -> {
                        stats.counted(what.counted());
                        stats.flushed(clock.millis() - began, what, written);
                    }
                }
            }
            stats.state(what.state());
            long stored = clock.millis();
            OptionalLong keeperLag = what.state() == null ? OptionalLong.empty() : OptionalLong.of(store.keeperLagMs());
            if (what.moving().isEmpty()) {
                return new Stored(what, stored - began, 0, keeperLag);
            }
            long moving = clock.millis();
            Optional<LaneStore.Fenced> fenced = store.writeRows(what);
            long moved = clock.millis();
            stats.movedRows(moved - moving);
            return fenced.isPresent()
                    ? new Lost(fenced.get().lanes())
                    : new Stored(what, stored - began, moved - moving, keeperLag);
        } catch (Throwable e) {
            // The loop decides what becomes of it, of an Error too.
            return new Failed(e);
        }
    }

    /// Ends its thread, after what is being stored.
    @Override
    public void close() {
        writer.close();
    }
}
