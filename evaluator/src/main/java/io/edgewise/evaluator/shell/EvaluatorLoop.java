// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Topics;
import io.edgewise.evaluator.FeedbackTokens;
import io.edgewise.evaluator.Inbound;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTools;
import io.edgewise.evaluator.Rejected;
import io.edgewise.evaluator.Slices;
import io.edgewise.evaluator.Turns;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads both topics, folds every record into its lane, and stores offsets and counts in one transaction at a time.
///
/// Whatever goes wrong, the state in memory is thrown away and read again from the database, which alone knows what was
/// counted: the consumer never goes on from a place that it merely remembers.
public final class EvaluatorLoop implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorLoop.class);
    private static final long SLOW_FLUSH_MS = 100;
    private static final long LONGEST_PAUSE_MS = 2_000;
    private static final long LONGEST_POLL_MS = 250;
    private static final long FENCED_PAUSE_MS = 1_000;
    private static final long IDLE_MARGIN_MS = 5_000;
    private static final long FOLD_INTERVAL_MS = 500;
    private static final int MOST_UNSTORED = 50_000;
    private static final int MOST_REJECTED = 500;
    private static final int LANES_PER_FOLD = 32;
    private static final int MINUTES_PER_FOLD = 30;

    private final Consumer<byte[], byte[]> consumer;
    private final DeadLetters deadLetters;
    private final LaneStore store;
    private final LaneTools tools;
    private final Holdings holdings;
    private final EvaluatorSettings settings;
    private final InstantSource clock;
    private final Turns turns = new Turns();
    private final Map<LaneId, Long> poison = new HashMap<>();

    private boolean subscribed;
    private long lastFlushMs;
    private long lastFoldMs;
    private long pauseMs;
    private int unstored;
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
                settings.policy(), new Slices(new StoredSlices(database, cap), cap), new FeedbackTokens(secrets));
        this.holdings = new Holdings(consumer);
        this.settings = settings;
        this.clock = clock;
        this.pauseMs = settings.flushIntervalMs();
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
                flush(holdings.active());
                foldWindows();
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
        unstored = 0;
        holdings.awaitAll(clock.millis());
    }

    @Override
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() throws Exception {
        try {
            flush(holdings.active());
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

    /// When the last poll ended, well or not. For any thread.
    long lastPollMs() {
        return lastPollMs;
    }

    private ConsumerRecords<byte[], byte[]> fetch() {
        long untilFlush = unstored == 0 ? LONGEST_POLL_MS : lastFlushMs + pauseMs - clock.millis();
        try {
            return consumer.poll(Duration.ofMillis(Math.clamp(untilFlush, 0, LONGEST_POLL_MS)));
        } catch (OffsetOutOfRangeException e) {
            // The log was cut under us. Taking the lane anew finds out how far.
            e.offsetOutOfRangePartitions()
                    .keySet()
                    .forEach(partition -> holdings.await(Holdings.lane(partition), clock.millis()));
            return ConsumerRecords.empty();
        }
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
        SortedMap<LaneId, LaneStore.Owned> owned = store.take(from, sizes, tools);
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
            Inbound inbound = inbound(record);
            Long refused = poison.get(lane);
            if (refused != null && refused == record.offset()) {
                claim.get().lane().refuse(inbound, "the evaluator failed on this record; see its log");
                poison.remove(lane);
            } else {
                accept(claim.get(), inbound);
            }
            unstored++;
        }
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

    private static Inbound inbound(ConsumerRecord<byte[], byte[]> record) {
        Header schema = record.headers().lastHeader(Topics.SCHEMA_HEADER);
        return new Inbound(
                record.offset(),
                record.timestamp(),
                wrap(record.key()),
                schema == null || schema.value() == null ? null : new String(schema.value(), StandardCharsets.UTF_8),
                wrap(record.value()));
    }

    private static @Nullable ByteString wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : UnsafeByteOperations.unsafeWrap(bytes);
    }

    private boolean isFlushDue() {
        long since = clock.millis() - lastFlushMs;
        if (since < 0 || since >= pauseMs || unstored >= MOST_UNSTORED) {
            return true;
        }
        return unstored > 0
                && holdings.active().stream()
                                .mapToInt(claim -> claim.lane().rejected().size())
                                .sum()
                        >= MOST_REJECTED;
    }

    /// Dead letters first: a record that is refused is safe before its offset moves.
    private void flush(Collection<Claim> claims) throws Exception {
        long began = clock.millis();
        List<Claim> dirty = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        for (Claim claim : claims) {
            if (claim.lane().isDirty()) {
                dirty.add(claim);
                rejected.addAll(claim.lane().rejected());
            }
        }
        if (!rejected.isEmpty()) {
            deadLetters.send(rejected);
        }
        while (!dirty.isEmpty()) {
            SortedSet<LaneId> lost = store.flush(dirty);
            if (lost.isEmpty()) {
                dirty.forEach(claim -> claim.lane().written());
                commitForLagTools(dirty);
                break;
            }
            lose(lost);
            dirty.removeIf(claim -> lost.contains(claim.lane().id()));
        }
        unstored = 0;
        lastFlushMs = clock.millis();
        long took = lastFlushMs - began;
        pauseMs = pauseAfter(took, settings.flushIntervalMs());
    }

    /// A database that is slow is asked less often; counts are never held back for long all the same.
    static long pauseAfter(long tookMs, long intervalMs) {
        return tookMs > SLOW_FLUSH_MS ? Math.max(intervalMs, Math.min(LONGEST_PAUSE_MS, 3 * tookMs)) : intervalMs;
    }

    private void lose(SortedSet<LaneId> lanes) {
        LOG.warn("Another instance took {}; what was counted here and not stored is thrown away.", lanes);
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

    private void foldWindows() throws SQLException {
        long now = clock.millis();
        if (now >= lastFoldMs && now - lastFoldMs < FOLD_INTERVAL_MS) {
            return;
        }
        lastFoldMs = now;
        Map<Claim, List<Long>> due = new LinkedHashMap<>();
        List<Claim> active = holdings.active();
        int visited = 0;
        for (Claim claim : turns.order(active)) {
            if (due.size() == LANES_PER_FOLD) {
                break;
            }
            visited++;
            if (!claim.lane().isWaitingForTime()) {
                continue;
            }
            if (consumer.currentLag(Holdings.partition(claim.lane().id())).orElse(1) == 0) {
                claim.lane().idleUntil(now - IDLE_MARGIN_MS);
            }
            List<Long> minutes = claim.lane().foldable(now);
            if (!minutes.isEmpty()) {
                due.put(claim, minutes.subList(0, Math.min(minutes.size(), MINUTES_PER_FOLD)));
            }
        }
        turns.took(visited, active.size());
        if (due.isEmpty()) {
            return;
        }
        SortedSet<LaneId> lost = store.fold(due);
        if (lost.isEmpty()) {
            due.forEach((claim, minutes) -> claim.lane().folded(minutes, now));
        } else {
            lose(lost);
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
            List<Claim> leaving = new ArrayList<>();
            partitions.forEach(
                    partition -> holdings.active(Holdings.lane(partition)).ifPresent(leaving::add));
            try {
                flush(leaving);
            } catch (Exception e) {
                LOG.warn("Revoked partitions were not stored; their next owner reads those records again.", e);
                recover();
            }
            holdings.forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            LOG.warn("Lost {}; what was counted here and not stored is thrown away.", partitions);
            holdings.forget(partitions);
        }
    }
}
