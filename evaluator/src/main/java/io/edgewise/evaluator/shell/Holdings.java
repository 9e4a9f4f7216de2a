// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.LaneChanges;
import io.edgewise.evaluator.LaneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions that the group gave to this process. One that is not taken in the database is paused, and so nothing
/// of it is read: trouble with the database costs no place in the group.
final class Holdings {
    static final String DATA_LOSS = "data_loss";
    static final String BEYOND_END = "offset_beyond_end";

    private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);
    private static final long LOOK_AGAIN_MS = 10_000;

    private final Consumer<byte[], byte[]> consumer;
    private final SortedMap<LaneId, Holding> all = new TreeMap<>();
    private volatile SortedMap<LaneId, String> stopped = new TreeMap<>();

    Holdings(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static TopicPartition partition(LaneId lane) {
        return new TopicPartition(lane.inlet().topic(), lane.partition());
    }

    static LaneId lane(TopicPartition partition) {
        return LaneId.of(partition.topic(), partition.partition());
    }

    Optional<Claim> active(LaneId lane) {
        return all.get(lane) instanceof Holding.Active active ? Optional.of(active.claim()) : Optional.empty();
    }

    List<Claim> active() {
        List<Claim> claims = new ArrayList<>();
        for (Holding holding : all.values()) {
            if (holding instanceof Holding.Active active) {
                claims.add(active.claim());
            }
        }
        return claims;
    }

    /// All partitions that the group gave to this process.
    int size() {
        return all.size();
    }

    /// What is due to be taken. Never what the consumer no longer has: after a process stood still, its
    /// consumer may tell of partitions that went to another one meanwhile. To take these would fence off
    /// their owner, again and again.
    SortedSet<LaneId> due(long nowMs) {
        SortedSet<LaneId> due = new TreeSet<>();
        all.forEach((lane, holding) -> {
            boolean isDue = switch (holding) {
                case Holding.Waiting waiting -> waiting.notBeforeMs() <= nowMs;
                case Holding.Stopped halted -> halted.notBeforeMs() <= nowMs;
                case Holding.Active active -> false;
            };
            if (isDue) {
                due.add(lane);
            }
        });
        if (!due.isEmpty()) {
            Set<TopicPartition> assigned = consumer.assignment();
            due.removeIf(lane -> !assigned.contains(partition(lane)));
        }
        return due;
    }

    void await(LaneId lane, long notBeforeMs) {
        all.put(lane, new Holding.Waiting(notBeforeMs));
        park(lane);
    }

    /// Throws away all that is in memory.
    void awaitAll(long notBeforeMs) {
        for (LaneId lane : List.copyOf(all.keySet())) {
            if (all.get(lane) instanceof Holding.Active) {
                await(lane, notBeforeMs);
            }
        }
    }

    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> all.remove(lane(partition)));
        publishStops();
    }

    /// Reads on from the stored offset, if the log still holds it; otherwise the partition stops and says why. Returns
    /// the name of the counter to raise then.
    Optional<String> resume(LaneStore.Owned owned, long begin, long end, long nowMs) {
        LaneId lane = owned.claim().lane().id();
        long next = owned.nextOffset();
        if (next >= begin && next <= end) {
            all.put(lane, new Holding.Active(owned.claim()));
            consumer.seek(partition(lane), next);
            consumer.resume(List.of(partition(lane)));
            publishStops();
            return Optional.empty();
        }
        boolean before = next < begin;
        String reason = before
                ? "DATA LOSS: " + lane + " is to be read from offset " + next + ", but its log begins at " + begin
                        + "; " + (begin - next) + " records were deleted unread. Raise the topic's retention. To go on"
                        + " without them: UPDATE evaluator.lane SET next_offset = " + begin + " WHERE lane = "
                        + lane.number()
                : lane + " is to be read from offset " + next + ", but its log ends at " + end
                        + ": the topic was made anew or its broker lost data. If that is so, to count what is there now:"
                        + " UPDATE evaluator.lane SET next_offset = " + begin + " WHERE lane = " + lane.number();
        if (!stopped.containsKey(lane)) {
            LOG.error("{}", reason);
        }
        all.put(lane, new Holding.Stopped(reason, nowMs + LOOK_AGAIN_MS));
        park(lane);
        publishStops();
        return Optional.of(before ? DATA_LOSS : BEYOND_END);
    }

    /// Partitions that stopped, and why. For any thread.
    Map<LaneId, String> stopped() {
        return stopped;
    }

    /// Without a position, a consumer that never resets would fail; the place does not matter as nothing is fetched.
    private void park(LaneId lane) {
        TopicPartition partition = partition(lane);
        if (consumer.assignment().contains(partition)) {
            consumer.pause(List.of(partition));
            consumer.seek(partition, 0);
        }
    }

    /// What is stored, for tools that show a group's lag; nobody reads it here.
    void commitForLagTools(Map<Claim, LaneChanges> lanes) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        lanes.forEach((claim, changes) ->
                offsets.put(partition(claim.lane().id()), new OffsetAndMetadata(changes.nextOffset())));
        consumer.commitAsync(offsets, (which, failure) -> {
            if (failure != null) {
                LOG.debug("Offsets for lag tools were not committed.", failure);
            }
        });
    }

    private void publishStops() {
        SortedMap<LaneId, String> now = new TreeMap<>();
        all.forEach((lane, holding) -> {
            if (holding instanceof Holding.Stopped halted) {
                now.put(lane, halted.reason());
            }
        });
        stopped = now;
    }
}
