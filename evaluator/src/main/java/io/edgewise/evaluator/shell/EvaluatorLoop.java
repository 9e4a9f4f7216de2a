// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.evaluator.FeedbackTokens;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTools;
import io.edgewise.evaluator.Lottery;
import io.edgewise.evaluator.Slices;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads both topics, folds every record into its lane, and has offsets and counts stored in one
/// transaction at a time, while it reads on ([Flusher]).
///
/// Whatever goes wrong, the state in memory is thrown away and read again from the database, which alone
/// knows what was counted: the consumer never goes on from a place that it merely remembers.
public final class EvaluatorLoop implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorLoop.class);
    private static final long LONGEST_POLL_MS = 250;
    private static final long BUSY_POLL_MS = 20;
    private static final long SHORTEST_BUSY_POLL_MS = 2;
    private static final long FENCED_PAUSE_MS = 1_000;
    private static final long IDLE_MARGIN_MS = 5_000;
    private static final long IDLE_INTERVAL_MS = 500;
    private static final long KEEP_MS = 10_000;

    private final Consumer<byte[], byte[]> consumer;
    private final DeadLetters deadLetters;
    private final LaneStore store;
    private final Flusher flusher;
    private final RowsPace rowsPace = new RowsPace();
    private final LoopStats stats = new LoopStats();
    private LaneStore.@Nullable OwnedBook book;
    private final LaneTools tools;
    private final Folding folding = new Folding();
    private final Holdings holdings;
    private final Census census;
    private final FlushPace pace;
    private final InstantSource clock;

    private boolean subscribed;
    /// Whether anything was stored since all in memory was read anew.
    private boolean isProven;
    private long lastIdleMs;
    private long lastKeptMs;
    private volatile long lastPollMs;

    public EvaluatorLoop(
            Consumer<byte[], byte[]> consumer,
            DeadLetters deadLetters,
            Database database,
            DeviceSecrets secrets,
            EvaluatorSettings settings,
            InstantSource clock) {
        int cap = settings.policy().sliceCap();
        this.consumer = consumer;
        this.deadLetters = deadLetters;
        this.store = new LaneStore(database);
        this.tools = new LaneTools(
                settings.policy(),
                new Slices(new StoredSlices(database, cap), cap),
                new FeedbackTokens(secrets),
                new Lottery(secrets.sampleKey()));
        this.flusher = new Flusher(store, deadLetters, stats, clock);
        this.holdings = new Holdings(consumer);
        this.census = new Census(consumer, holdings);
        this.pace = new FlushPace(settings.flushIntervalMs());
        this.clock = clock;
        this.lastPollMs = clock.millis();
    }

    @Override
    public void poll() throws Exception {
        if (!subscribed) {
            consumer.subscribe(Inlet.topics(), new Rebalance());
            subscribed = true;
        }
        try {
            // Before fetching: what is taken here was paused until now, so that no older records of it are on their
            // way.
            take(holdings.due(clock.millis()));
            ConsumerRecords<byte[], byte[]> records = fetch();
            for (TopicPartition partition : records.partitions()) {
                fold(Holdings.lane(partition), records.records(partition));
            }
            conclude(flusher.ended());
            flushIfDue();
        } catch (WakeupException e) {
            LOG.debug("Woken up to stop.");
        } catch (Exception e) {
            recover();
            throw e;
        } finally {
            // One that waits for a flush for ever is as bad as one that stands still.
            lastPollMs = flusher.busySince().orElse(clock.millis());
        }
    }

    /// Waits for the flush that goes on, if any.
    void settle() throws Exception {
        try {
            awaitFlush();
        } catch (Exception e) {
            recover();
            throw e;
        }
    }

    @Override
    public void recover() {
        // What it stored is read again with the rest.
        Optional<Flusher.Outcome> last = flusher.await();
        isProven = false;
        pace.forget();
        if (book != null) {
            book = null;
            stats.restarted();
        }
        holdings.awaitAll(clock.millis());
        if (last.orElse(null) instanceof Flusher.Lost(SortedSet<LaneId> lanes)) {
            leave(lanes);
        }
    }

    /// Not taken back at once from whoever took them.
    private void leave(SortedSet<LaneId> lanes) {
        lanes.forEach(lane -> holdings.await(lane, clock.millis() + FENCED_PAUSE_MS));
    }

    @Override
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() throws Exception {
        try {
            flushAll();
            store.release(book);
        } finally {
            book = null;
            holdings.awaitAll(clock.millis());
            consumer.close();
            flusher.close();
            deadLetters.close();
        }
    }

    /// Partitions that stopped because the log no longer holds what comes next, and why. For any thread.
    public Map<LaneId, String> stopped() {
        return holdings.stopped();
    }

    /// What this evaluator did so far. For any thread.
    public LoopStats stats() {
        return stats;
    }

    /// When the last poll ended, well or not; while a flush is on its way, when that began. For any thread.
    long lastPollMs() {
        return lastPollMs;
    }

    private ConsumerRecords<byte[], byte[]> fetch() {
        try {
            long longest = flusher.isBusy() ? BUSY_POLL_MS : LONGEST_POLL_MS;
            return consumer.poll(Duration.ofMillis(
                    Math.max(pace.untilDue(clock.millis(), longest), flusher.isBusy() ? SHORTEST_BUSY_POLL_MS : 0)));
        } catch (OffsetOutOfRangeException e) {
            // The log was cut under us. Taking the lanes anew finds out how far.
            LOG.warn("Out of range: {}.", e.offsetOutOfRangePartitions());
            recover();
            return ConsumerRecords.empty();
        }
    }

    private LaneStore.OwnedBook book() throws SQLException {
        LaneStore.OwnedBook held = book;
        if (held == null) {
            held = store.takeBook(tools);
            book = held;
        }
        return held;
    }

    private void take(SortedSet<LaneId> lanes) throws SQLException {
        if (lanes.isEmpty()) {
            return;
        }
        List<TopicPartition> partitions =
                lanes.stream().map(Holdings::partition).toList();
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        SortedMap<LaneId, Long> from = new TreeMap<>();
        begins.forEach((partition, begin) -> from.put(Holdings.lane(partition), begin));
        Map<LaneId, Integer> sizes = new HashMap<>();
        for (Inlet inlet : Inlet.values()) {
            int size = consumer.partitionsFor(inlet.topic()).size();
            lanes.stream().filter(lane -> lane.inlet() == inlet).forEach(lane -> sizes.put(lane, size));
        }
        SortedMap<LaneId, LaneStore.Owned> owned = store.take(from, sizes, tools, book().book());
        // Read after taking: the owner before us may have read on until then.
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (LaneStore.Owned each : owned.values()) {
            LaneId lane = each.claim().lane().id();
            TopicPartition partition = Holdings.partition(lane);
            Optional<String> trouble = holdings.resume(
                    each,
                    begins.getOrDefault(partition, 0L),
                    ends.getOrDefault(partition, Long.MAX_VALUE),
                    clock.millis());
            if (trouble.isPresent()) {
                store.countStop(lane, trouble.get());
            }
        }
    }

    private void fold(LaneId lane, List<ConsumerRecord<byte[], byte[]>> records) {
        Optional<Claim> claim = holdings.active(lane);
        if (claim.isPresent()) {
            folding.fold(claim.get().lane(), records);
            pace.folded(records.size());
            stats.folded(records.size());
        }
    }

    private void flushIfDue() throws Exception {
        LaneStore.OwnedBook held = book;
        int rejected = holdings.active().stream()
                .mapToInt(claim -> claim.lane().rejections())
                .sum();
        boolean isFull = pace.isFull(held == null ? 0 : held.book().sampledBytes(), rejected);
        if (isFull) {
            // What is counted ahead of a flush is bounded.
            awaitFlush();
        }
        if (!flusher.isBusy() && (isFull || pace.isDue(clock.millis()))) {
            passTime();
            flush();
            if (!isProven) {
                // One that fails again fails this very poll, and so the pause before the next one grows.
                awaitFlush();
            }
        }
    }

    /// Hands over what was counted since the last time. Only when nothing is being stored.
    private void flush() throws Exception {
        LaneStore.OwnedBook held = book;
        long began = clock.millis();
        pace.began(began);
        if (held == null) {
            stats.state(census.look(0, began));
        } else {
            HandOver what = HandOver.of(held, holdings.active(), rowsPace, census, stats, began);
            if (keep(held, what, began) && what.isNeeded()) {
                flusher.begin(what);
            }
        }
        stats.stoodStill(clock.millis() - began);
    }

    /// Everything that was counted is stored then, or thrown away.
    private void flushAll() throws Exception {
        awaitFlush();
        flush();
        awaitFlush();
    }

    private void awaitFlush() throws Exception {
        if (flusher.isBusy()) {
            long began = clock.millis();
            Optional<Flusher.Outcome> outcome = flusher.await();
            stats.stoodStill(clock.millis() - began);
            conclude(outcome);
        }
    }

    private void conclude(Optional<Flusher.Outcome> outcome) throws Exception {
        switch (outcome.orElse(null)) {
            case null -> {}
            case Flusher.Stored stored -> {
                isProven |= !stored.what().lanes().isEmpty();
                stored.keeperLagMs().ifPresent(pace::keeperLags);
                pace.took(stored.tookMs());
                if (!stored.what().moving().isEmpty()) {
                    rowsPace.took(stored.rowsMs(), clock.millis());
                }
                stored.what()
                        .lanes()
                        .forEach((claim, at) -> folding.stored(claim.lane().id(), at.nextOffset()));
                holdings.commitForLagTools(stored.what().lanes());
            }
            case Flusher.Lost(SortedSet<LaneId> lanes) -> lose(lanes);
            case Flusher.Failed(Throwable cause) -> {
                switch (cause) {
                    case Error fatal -> throw fatal;
                    case Exception trouble -> throw trouble;
                    default -> throw new IllegalStateException(cause);
                }
            }
        }
    }

    /// A flush tells the others that the book is in use; without one for a while, this does. False when it was lost.
    private boolean keep(LaneStore.OwnedBook held, HandOver what, long nowMs) throws SQLException {
        if (!what.lanes().isEmpty()) {
            lastKeptMs = nowMs;
        } else if (nowMs - lastKeptMs >= KEEP_MS || nowMs < lastKeptMs) {
            lastKeptMs = nowMs;
            if (!store.keep(held)) {
                lose(new TreeSet<>());
                return false;
            }
        }
        return true;
    }

    /// The book holds parts of every lane: what was not stored is thrown away altogether.
    private void lose(SortedSet<LaneId> lanes) {
        LOG.warn(
                "Another instance took {}; what was counted here and not stored is thrown away and read again.",
                lanes.isEmpty() ? "this one's book" : lanes);
        recover();
        leave(lanes);
    }

    /// Where a log is read to its end, time passes all the same: open device blocks end by it.
    private void passTime() {
        long now = clock.millis();
        if (now >= lastIdleMs && now - lastIdleMs < IDLE_INTERVAL_MS) {
            return;
        }
        lastIdleMs = now;
        for (Claim claim : holdings.active()) {
            if (claim.lane().isWaitingForTime()
                    && consumer.currentLag(Holdings.partition(claim.lane().id()))
                                    .orElse(1)
                            == 0) {
                claim.lane().idleUntil(now - IDLE_MARGIN_MS);
            }
        }
    }

    /// Runs within the consumer's poll, on the loop's thread.
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> holdings.await(Holdings.lane(partition), clock.millis()));
            try {
                take(holdings.due(clock.millis()));
            } catch (SQLException | RuntimeException e) {
                LOG.warn("Assigned partitions cannot be taken yet; trying again.", e);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                flushAll();
            } catch (Exception e) {
                LOG.warn("Revoked partitions were not stored; their next owner reads those records again.", e);
                recover();
            }
            holdings.forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            LOG.warn("Lost {}; what was counted here and not stored is thrown away.", partitions);
            recover();
            holdings.forget(partitions);
        }
    }
}
