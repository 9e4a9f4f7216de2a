// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import io.edgewise.contracts.v1.SeqRange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One lane's numbers and what is done to them inside a transaction. Belongs to the writer; `counts` may be read from
/// anywhere.
///
/// A full lane sheds the oldest shadow pairs first, then the oldest of the rest, and declares them in one record at
/// its end. Records already handed to the uplink are never shed: they may have arrived.
final class LaneBook {
    private static final int MOST_RANGES = 1000;
    private static final int SHED_PAGE = 4096;

    private final Lane lane;
    private final LaneFormat format;
    private final Bounds bounds;
    private final long epoch;

    private long lastSeq;
    private long dropped;
    private long records;
    private long bytes;
    /// Highest sequence handed to the uplink.
    private long handed;

    private long acknowledged;
    /// Records at or below `acknowledged` that are still in the file.
    private long leftovers;

    /// Appended and shed in the same transaction: never durable.
    private final Set<Long> stillborn = new HashSet<>();

    private volatile LaneCounts counts;

    LaneBook(Lane lane, LaneFormat format, Bounds bounds, long epoch, SpoolFile.LaneState state) {
        this.lane = lane;
        this.format = format;
        this.bounds = bounds;
        this.epoch = epoch;
        load(state);
        acknowledged = state.firstSeq() - 1;
        // Sent in an earlier life, perhaps: what is in the file may have arrived already, so it must not be shed.
        handed = state.lastSeq();
        counts = look();
    }

    private void load(SpoolFile.LaneState state) {
        lastSeq = state.lastSeq();
        dropped = state.dropped();
        records = state.records();
        bytes = state.bytes();
    }

    LaneCounts counts() {
        return counts;
    }

    long epoch() {
        return epoch;
    }

    /// Makes what was done visible, after its commit.
    void publish() {
        stillborn.clear();
        counts = look();
    }

    /// Returns to what the file holds, after a rollback.
    void reload(SpoolFile file) throws SQLException {
        load(file.state(lane));
        stillborn.clear();
        leftovers = file.amount(lane, acknowledged).records();
    }

    /// Whether what was appended since the last commit is gone already, because the rest must not be shed.
    boolean isShed(long seq) {
        return stillborn.contains(seq);
    }

    private LaneCounts look() {
        return new LaneCounts(records - leftovers, lastSeq, acknowledged, dropped);
    }

    long append(SpoolFile file, Weight weight, byte[] body) throws SQLException {
        long seq = lastSeq + 1;
        write(file, weight, format.stamp(body, new LaneFormat.Place(epoch, seq, dropped)));
        if (records > bounds.records() || bytes > bounds.bytes()) {
            shed(file);
        }
        file.mark(lane, lastSeq, dropped);
        return seq;
    }

    private void write(SpoolFile file, Weight weight, byte[] record) throws SQLException {
        lastSeq++;
        file.insert(lane, lastSeq, weight, record);
        records++;
        bytes += record.length;
    }

    List<Page.Stored> read(SpoolFile file, long after, int limit) throws SQLException {
        List<Page.Stored> page = file.page(lane, after, limit);
        if (!page.isEmpty()) {
            handed = Math.max(handed, page.getLast().seq());
        }
        return page;
    }

    void acknowledge(long through, long count) {
        acknowledged = Math.max(acknowledged, through);
        leftovers += count;
    }

    boolean hasLeftovers() {
        return leftovers > 0;
    }

    void trim(SpoolFile file) throws SQLException {
        SpoolFile.Amount trimmed = file.trim(lane, acknowledged);
        records -= trimmed.records();
        bytes -= trimmed.bytes();
        leftovers = 0;
    }

    /// Deletes the lightest and oldest until there is room, and returns what that was.
    private NavigableMap<Long, Long> makeRoom(SpoolFile file) throws SQLException {
        long targetRecords = bounds.records() - Math.max(1, bounds.records() / 20) - 1;
        long targetBytes = bounds.bytes() - bounds.bytes() / 20;
        NavigableMap<Long, Long> ranges = new TreeMap<>();
        for (Weight weight : List.of(Weight.SHADOW_PAIR, Weight.KEEP)) {
            List<SpoolFile.Row> rows = file.rows(lane, weight, handed, SHED_PAGE);
            while (!rows.isEmpty()) {
                for (SpoolFile.Row row : rows) {
                    if (records <= targetRecords && bytes <= targetBytes || ranges.size() >= MOST_RANGES - 1) {
                        return ranges;
                    }
                    drop(file, row);
                    include(ranges, row.seq(), row.seq());
                }
                rows = file.rows(lane, weight, rows.getLast().seq(), SHED_PAGE);
            }
        }
        return ranges;
    }

    private void drop(SpoolFile file, SpoolFile.Row row) throws SQLException {
        forget(file, row);
        dropped++;
        if (row.seq() > counts.lastSeq()) {
            stillborn.add(row.seq());
        }
    }

    private void shed(SpoolFile file) throws SQLException {
        if (leftovers > 0) {
            trim(file);
        }
        NavigableMap<Long, Long> ranges = makeRoom(file);
        if (ranges.isEmpty()) {
            return;
        }
        absorb(file, ranges);
        long own = lastSeq + 1;
        dropped++;
        include(ranges, own, own);
        List<SeqRange> declared = new ArrayList<>();
        ranges.forEach((first, last) ->
                declared.add(SeqRange.newBuilder().setFirst(first).setLast(last).build()));
        write(file, Weight.DROPS, format.drops(declared, new LaneFormat.Place(epoch, own, dropped)));
    }

    /// Takes over what earlier declarations, not yet sent, say: their own sequences are among their ranges.
    private void absorb(SpoolFile file, NavigableMap<Long, Long> ranges) throws SQLException {
        for (SpoolFile.Row row : file.rows(lane, Weight.DROPS, handed, SHED_PAGE)) {
            List<SeqRange> earlier =
                    format.dropsIn(file.page(lane, row.seq() - 1, 1).getFirst().bytes());
            if (ranges.size() + earlier.size() >= MOST_RANGES) {
                return;
            }
            earlier.forEach(range -> include(ranges, range.getFirst(), range.getLast()));
            forget(file, row);
        }
    }

    private void forget(SpoolFile file, SpoolFile.Row row) throws SQLException {
        file.delete(lane, row.seq());
        records--;
        bytes -= row.size();
    }

    /// Adds a range, joined with those it touches. Ranges never overlap: a sequence is dropped once.
    static void include(NavigableMap<Long, Long> ranges, long first, long last) {
        long low = first;
        long high = last;
        Map.@Nullable Entry<Long, Long> before = ranges.floorEntry(first);
        if (before != null && before.getValue() == first - 1) {
            low = before.getKey();
        }
        Long after = ranges.remove(last + 1);
        if (after != null) {
            high = after;
        }
        ranges.put(low, high);
    }
}
