// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Counters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one evaluator did since it started, for metrics. Written by its loop and its flusher, read by any thread.
public final class LoopStats {
    private final LongAdder records = new LongAdder();
    private final LongAdder flushes = new LongAdder();
    private final LongAdder flushMs = new LongAdder();
    private final LongAdder standMs = new LongAdder();
    private final LongAdder partRows = new LongAdder();
    private final LongAdder keys = new LongAdder();
    private final LongAdder disagreementRows = new LongAdder();
    private final LongAdder logBytes = new LongAdder();
    private final LongAdder rowsMoves = new LongAdder();
    private final LongAdder rowsMs = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private final ConcurrentMap<String, LongAdder> counters = new ConcurrentHashMap<>();
    private Consumer<String> onNewCounter = name -> {};
    private volatile long storedRecords;
    private volatile @Nullable LoopState state;

    LoopStats() {
        Counters.ALWAYS.forEach(name -> counters.put(name, new LongAdder()));
    }

    void folded(long count) {
        records.add(count);
    }

    void flushed(long tookMs, HandOver what, LaneStore.Written written) {
        storedRecords = what.records();
        flushMs.add(tookMs);
        partRows.add(written.partRows());
        keys.add(written.keys());
        disagreementRows.add(written.disagreementRows());
        logBytes.add(what.logBytes());
        flushes.increment();
    }

    void stoodStill(long tookMs) {
        standMs.add(tookMs);
    }

    /// What the flush added to the book's counters.
    void counted(Map<String, Long> added) {
        added.forEach((name, amount) -> counter(name).add(amount));
    }

    private synchronized LongAdder counter(String name) {
        LongAdder known = counters.get(name);
        if (known != null) {
            return known;
        }
        LongAdder fresh = new LongAdder();
        counters.put(name, fresh);
        onNewCounter.accept(name);
        return fresh;
    }

    /// Is told of every counter there is, and of those to come.
    synchronized void onNewCounter(Consumer<String> told) {
        onNewCounter = told;
        counters.keySet().forEach(told);
    }

    /// Keeps what was seen before when nobody looked.
    void state(@Nullable LoopState now) {
        if (now != null) {
            state = now;
        }
    }

    void movedRows(long tookMs) {
        rowsMoves.increment();
        rowsMs.add(tookMs);
    }

    void restarted() {
        restarts.increment();
    }

    public long records() {
        return records.sum();
    }

    /// How many of [#records()] are stored; after a restart, ones that were folded twice are in both.
    public long storedRecords() {
        return storedRecords;
    }

    public long flushes() {
        return flushes.sum();
    }

    /// Milliseconds that flushes took; the loop reads on meanwhile.
    public long flushMs() {
        return flushMs.sum();
    }

    /// Milliseconds in which the loop read nothing because of flushes: handing over, and waiting for one to end.
    public long standMs() {
        return standMs.sum();
    }

    public long partRows() {
        return partRows.sum();
    }

    public long keys() {
        return keys.sum();
    }

    public long disagreementRows() {
        return disagreementRows.sum();
    }

    public long logBytes() {
        return logBytes.sum();
    }

    long rowsMoves() {
        return rowsMoves.sum();
    }

    /// Milliseconds spent moving marks from the log to rows of their own.
    public long rowsMs() {
        return rowsMs.sum();
    }

    /// How often everything in memory was thrown away and read again.
    public long restarts() {
        return restarts.sum();
    }

    /// What was stored under a counter's name.
    long counted(String counter) {
        LongAdder amount = counters.get(counter);
        return amount == null ? 0 : amount.sum();
    }

    /// Null until the loop first looked around.
    @Nullable
    LoopState state() {
        return state;
    }
}
