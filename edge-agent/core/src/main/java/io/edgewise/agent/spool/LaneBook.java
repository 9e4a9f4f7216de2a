// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import io.edgewise.contracts.v1.SeqRange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One lane's numbers and what is done to them inside a transaction. Belongs to the writer; `counts` may
/// be read from anywhere.
///
/// A full lane sheds the oldest shadow pairs first, then the oldest of the rest, and declares them in one
/// record at its end. Records already handed to the uplink are never shed: they may have arrived.
final class LaneBook {
    private static final int MOST_RANGES = 1000;
    private static final int SHED_PAGE = 4096;
    private static final long LOOK_EVERY_MS = 60_000;
    /// Why sequences were dropped.
    static final String FULL = "spool-full";

    static final String EXPIRED = "expired";
    static final String DAMAGED = "damaged";

    private final Lane lane;
    private final LaneFormat format;
    private final Bounds bounds;
    private final Own own;

    private long lastSeq;
    private long dropped;
    private long records;
    private long bytes;
    /// Highest sequence handed to the uplink.
    private long handed;
    /// What the file does not say yet.
    private boolean isChanged;
    /// When to look for what is too old, by the spool's own time.
    private long nextLook;

    private long acknowledged;
    /// Records at or below `acknowledged` that are still in the file.
    private long leftovers;

    /// Appended and shed in the same transaction: never durable.
    private final Set<Long> stillborn = new HashSet<>();

    private volatile LaneCounts counts;

    /// What all lanes of a spool share.
    record Own(long epoch, Seal seal, AgeClock clock, Quarantine quarantine) {}

    LaneBook(Lane lane, LaneFormat format, Bounds bounds, Own own, SpoolFile.LaneState state) {
        this.lane = lane;
        this.format = format;
        this.bounds = bounds;
        this.own = own;
        load(state);
        acknowledged = state.firstSeq() - 1;
        counts = look();
    }

    private void load(SpoolFile.LaneState state) {
        lastSeq = state.lastSeq();
        dropped = state.dropped();
        // What was sent in an earlier life may have arrived, so it must not be shed.
        handed = Math.max(handed, state.handed());
        isChanged = handed > state.handed();
        records = state.records();
        bytes = state.bytes();
    }

    LaneCounts counts() {
        return counts;
    }

    long epoch() {
        return own.epoch();
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

    long append(SpoolFile file, Weight weight, byte[] body, boolean hasText) throws SQLException {
        long seq = lastSeq + 1;
        byte[] record = format.stamp(body, new LaneFormat.Place(own.epoch(), seq, dropped));
        write(file, weight, hasText ? own.seal().close(record, own.epoch(), lane, seq) : record);
        if (records > bounds.records() || bytes > bounds.bytes()) {
            shed(file);
        }
        return seq;
    }

    private void write(SpoolFile file, Weight weight, byte[] stored) throws SQLException {
        lastSeq++;
        file.insert(lane, lastSeq, weight, stored, own.clock().nowMs());
        records++;
        bytes += stored.length;
        isChanged = true;
    }

    /// Writes the lane's numbers; the caller commits.
    void mark(SpoolFile file) throws SQLException {
        if (isChanged) {
            file.mark(lane, lastSeq, dropped, handed);
            isChanged = false;
        }
    }

    /// Whether something has to be made durable before what was read may be sent.
    boolean isChanged() {
        return isChanged;
    }

    List<Page.Stored> read(SpoolFile file, long after, int limit) throws SQLException {
        List<Page.Stored> page = new ArrayList<>();
        NavigableMap<Long, Long> damaged = new TreeMap<>();
        for (SpoolFile.Found found : file.page(lane, after, limit)) {
            Page.Stored stored = found.record();
            Optional<byte[]> record = found.isWhole()
                    ? own.seal().open(stored.bytes(), own.epoch(), lane, stored.seq())
                    : Optional.empty();
            if (record.isPresent()) {
                page.add(new Page.Stored(stored.seq(), record.get()));
            } else {
                discard(file, found, damaged);
            }
        }
        // First, so that no declaration of the page itself is taken into a new one.
        if (!page.isEmpty() && page.getLast().seq() > handed) {
            handed = page.getLast().seq();
            isChanged = true;
        }
        if (!damaged.isEmpty()) {
            declare(file, damaged, DAMAGED);
            if (page.isEmpty()) {
                return read(file, after, limit);
            }
        }
        return page;
    }

    /// Sets a damaged record aside, for its sequence to be declared. That of a declaration has been counted.
    private void discard(SpoolFile file, SpoolFile.Found found, NavigableMap<Long, Long> damaged) throws SQLException {
        Page.Stored stored = found.record();
        own.quarantine().put(own.epoch(), lane, stored);
        SpoolFile.Row row = new SpoolFile.Row(stored.seq(), found.weight(), stored.bytes().length, 0);
        if (found.weight() == Weight.DROPS.code()) {
            forget(file, row);
        } else {
            drop(file, row);
        }
        include(damaged, stored.seq(), stored.seq());
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
        declare(file, makeRoom(file), FULL);
    }

    /// Sequences that were committed, up to this one, but are not in the file any more: they are not
    /// given again.
    void recover(SpoolFile file, long committed) throws SQLException {
        if (committed <= lastSeq) {
            return;
        }
        NavigableMap<Long, Long> lost = new TreeMap<>();
        include(lost, lastSeq + 1, committed);
        dropped += committed - lastSeq;
        lastSeq = committed;
        declare(file, lost, DAMAGED);
    }

    /// Whether it is time to look for what is too old.
    boolean isDue() {
        return own.clock().nowMs() >= nextLook;
    }

    /// Drops what is older than the bound, oldest first, and declares it.
    void expire(SpoolFile file) throws SQLException {
        long now = own.clock().nowMs();
        nextLook = now + LOOK_EVERY_MS;
        long limit = now - bounds.age().toMillis();
        NavigableMap<Long, Long> ranges = new TreeMap<>();
        for (Weight weight : List.of(Weight.SHADOW_PAIR, Weight.KEEP)) {
            List<SpoolFile.Row> rows = file.rows(lane, weight, handed, SHED_PAGE);
            for (SpoolFile.Row row : rows) {
                if (row.at() < limit && ranges.size() < MOST_RANGES - 1) {
                    drop(file, row);
                    include(ranges, row.seq(), row.seq());
                }
            }
        }
        declare(file, ranges, EXPIRED);
    }

    private void declare(SpoolFile file, NavigableMap<Long, Long> ranges, String reason) throws SQLException {
        if (ranges.isEmpty()) {
            return;
        }
        absorb(file, ranges, reason);
        long last = lastSeq + 1;
        dropped++;
        include(ranges, last, last);
        List<SeqRange> declared = new ArrayList<>();
        ranges.forEach((from, to) ->
                declared.add(SeqRange.newBuilder().setFirst(from).setLast(to).build()));
        write(file, Weight.DROPS, format.drops(declared, reason, new LaneFormat.Place(own.epoch(), last, dropped)));
    }

    /// Takes over what earlier declarations, not yet sent, say: their own sequences are among their ranges.
    private void absorb(SpoolFile file, NavigableMap<Long, Long> ranges, String reason) throws SQLException {
        for (SpoolFile.Row row : file.rows(lane, Weight.DROPS, handed, SHED_PAGE)) {
            Optional<LaneFormat.Declared> earlier = declared(file, row);
            if (earlier.isEmpty()) {
                // Damaged: it is set aside when its turn comes to be read.
                continue;
            }
            List<SeqRange> said = earlier.get().ranges();
            if (!earlier.get().reason().equals(reason) || ranges.size() + said.size() >= MOST_RANGES) {
                return;
            }
            said.forEach(range -> include(ranges, range.getFirst(), range.getLast()));
            forget(file, row);
        }
    }

    private Optional<LaneFormat.Declared> declared(SpoolFile file, SpoolFile.Row row) throws SQLException {
        SpoolFile.Found found = file.page(lane, row.seq() - 1, 1).getFirst();
        try {
            return found.isWhole() ? Optional.of(format.dropsIn(found.record().bytes())) : Optional.empty();
        } catch (IllegalStateException e) {
            // Rows of the first format have no checksum.
            return Optional.empty();
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
