// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.evaluator.FeedbackTokens;
import io.edgewise.evaluator.Inbound;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTools;
import io.edgewise.evaluator.Lottery;
import io.edgewise.evaluator.Rejected;
import io.edgewise.evaluator.Slices;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
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
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads both topics, folds every record into its lane, and stores offsets and counts in one transaction at a time.
///
/// Whatever goes wrong, the state in memory is thrown away and read again from the database, which alone knows what was
/// counted: the consumer never goes on from a place that it merely remembers.
public final class EvaluatorLoop implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorLoop.class);
    private static final long LONGEST_POLL_MS = 250;
    private static final long FENCED_PAUSE_MS = 1_000;
    private static final long IDLE_MARGIN_MS = 5_000;
    private static final long IDLE_INTERVAL_MS = 500;
    private static final long KEEP_MS = 10_000;

    private final Consumer<byte[], byte[]> consumer;
    private final DeadLetters deadLetters;
    private final LaneStore store;
    private final RowsPace rowsPace = new RowsPace();
    private final LoopStats stats = new LoopStats();
    private LaneStore.@Nullable OwnedBook book;
    private final LaneTools tools;
    private final Holdings holdings;
    private final Census census;
    private final FlushPace pace;
    private final InstantSource clock;
    private final Map<LaneId, Long> poison = new HashMap<>();

    private boolean subscribed;
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
        this.holdings = new Holdings(consumer);
        this.census = new Census(consumer, holdings, stats);
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
            if (isFlushDue()) {
                passTime();
                flush();
                writeRows();
                LaneStore.OwnedBook held = book;
                census.look(held == null ? 0 : held.book().groups(), clock.millis());
            }
        } catch (WakeupException e) {
            LOG.debug("Woken up to stop.");
        } catch (Exception e) {
            recover();
            throw e;
        } finally {
            lastPollMs = clock.millis();
        }
    }

    @Override
    public void recover() {
        pace.forget();
        if (book != null) {
            book = null;
            stats.restarted();
        }
        holdings.awaitAll(clock.millis());
    }

    @Override
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() throws Exception {
        try {
            flush();
            store.release(book);
        } finally {
            holdings.awaitAll(clock.millis());
            consumer.close();
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

    /// When the last poll ended, well or not. For any thread.
    long lastPollMs() {
        return lastPollMs;
    }

    private ConsumerRecords<byte[], byte[]> fetch() {
        try {
            return consumer.poll(Duration.ofMillis(pace.untilDue(clock.millis(), LONGEST_POLL_MS)));
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
        if (claim.isEmpty()) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Inbound inbound = Arrivals.of(record);
            Long refused = poison.isEmpty() ? null : poison.get(lane);
            if (refused != null && refused == record.offset()) {
                claim.get().lane().refuse(inbound, "the evaluator failed on this record; see its log");
                poison.remove(lane);
            } else {
                accept(claim.get(), inbound);
            }
        }
        pace.folded(records.size());
        stats.folded(records.size());
    }

    private void accept(Claim claim, Inbound inbound) {
        try {
            claim.lane().accept(inbound);
        } catch (DatabaseTrouble e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error(
                    "Record {} of {} cannot be folded; it will be read again and put to the dead letters.",
                    inbound.offset(),
                    claim.lane().id(),
                    e);
            poison.put(claim.lane().id(), inbound.offset());
            throw e;
        }
    }

    private boolean isFlushDue() {
        LaneStore.OwnedBook held = book;
        int rejected = holdings.active().stream()
                .mapToInt(claim -> claim.lane().rejections())
                .sum();
        return pace.isDue(clock.millis(), held == null ? 0 : held.book().sampledBytes(), rejected);
    }

    /// Dead letters first: a record that is refused is safe before its offset moves.
    private void flush() throws Exception {
        LaneStore.OwnedBook held = book;
        if (held == null) {
            return;
        }
        long began = clock.millis();
        List<Claim> dirty = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        for (Claim claim : holdings.active()) {
            if (claim.lane().isDirty()) {
                dirty.add(claim);
                rejected.addAll(claim.lane().rejected());
            }
        }
        if (!rejected.isEmpty()) {
            deadLetters.send(rejected);
        }
        if (dirty.isEmpty()) {
            keep(held, began);
        } else {
            lastKeptMs = began;
            switch (store.flush(held, dirty)) {
                case LaneStore.Fenced fenced -> lose(fenced.lanes());
                case LaneStore.Stored stored -> {
                    stats.counted(held.book().counted());
                    held.book().written();
                    dirty.forEach(claim -> claim.lane().written());
                    stored.logBytes().forEach((claim, bytes) -> claim.lane().logged(bytes));
                    commitForLagTools(dirty);
                    stats.flushed(clock.millis() - began, stored);
                }
            }
        }
        pace.flushed(began, clock.millis());
    }

    private void keep(LaneStore.OwnedBook held, long nowMs) throws SQLException {
        if (nowMs - lastKeptMs >= KEEP_MS || nowMs < lastKeptMs) {
            lastKeptMs = nowMs;
            if (!store.keep(held)) {
                lose(new TreeSet<>());
            }
        }
    }

    /// Right after a flush, so that no lane has unwritten changes.
    private void writeRows() throws SQLException {
        long began = clock.millis();
        List<Claim> due = rowsPace.due(holdings.active(), began);
        if (due.isEmpty()) {
            return;
        }
        switch (store.writeRows(due)) {
            case LaneStore.Fenced fenced -> lose(fenced.lanes());
            case LaneStore.Stored stored -> due.forEach(claim -> claim.lane().rowsWritten());
        }
        stats.movedRows(clock.millis() - began);
        rowsPace.took(due, clock.millis());
    }

    /// The book holds parts of every lane: what was not stored is thrown away altogether.
    private void lose(SortedSet<LaneId> lanes) {
        LOG.warn(
                "Another instance took {}; what was counted here and not stored is thrown away and read again.",
                lanes.isEmpty() ? "this one's book" : lanes);
        recover();
        lanes.forEach(lane -> holdings.await(lane, clock.millis() + FENCED_PAUSE_MS));
    }

    private void commitForLagTools(List<Claim> claims) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Claim claim : claims) {
            offsets.put(
                    Holdings.partition(claim.lane().id()),
                    new OffsetAndMetadata(claim.lane().nextOffset()));
        }
        consumer.commitAsync(offsets, (which, failure) -> {
            if (failure != null) {
                LOG.debug("Offsets for lag tools were not committed.", failure);
            }
        });
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
                flush();
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
