// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.v1.SeqRange;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Which sequences of one spool are accounted for, and how: all up to `through`, and the received ranges above it.
///
/// Laws: `lastSeq = counted + late + rejected + dropped + lost + openGaps` after every call; and as long as no gap had
/// to be closed as lost, the state does not depend on the order of arrival.
public final class DeviceMark {
    /// More open ranges than this, and the oldest gap is given up as lost.
    public static final int MAX_RANGES = 1_000;

    private static final byte[] NO_RANGES = new byte[0];

    /// What became of a sequence that arrived.
    enum Fate {
        COUNTED,
        LATE,
        REJECTED
    }

    /// How the sequences below `lastSeq` are accounted for; duplicates come on top.
    public record Accounts(long counted, long late, long rejected, long dropped, long lost, long duplicates) {}

    private static final NavigableMap<Long, Long> NOTHING = Collections.emptyNavigableMap();

    private NavigableMap<Long, Long> above = NOTHING;
    private long heldAbove;
    private long through;
    private long lastSeq;
    private long counted;
    private long late;
    private long rejected;
    private long dropped;
    private long lost;
    private long duplicates;
    private boolean dirty;

    DeviceMark() {}

    /// As it was stored.
    public static DeviceMark restore(long through, long lastSeq, byte[] ranges, Accounts accounts) {
        DeviceMark mark = new DeviceMark();
        mark.through = through;
        mark.lastSeq = lastSeq;
        ByteBuffer in = ByteBuffer.wrap(ranges);
        if (in.hasRemaining()) {
            mark.above = new TreeMap<>();
        }
        while (in.hasRemaining()) {
            long first = in.getLong();
            long last = in.getLong();
            mark.above.put(first, last);
            mark.heldAbove += length(first, last);
        }
        mark.counted = accounts.counted();
        mark.late = accounts.late();
        mark.rejected = accounts.rejected();
        mark.dropped = accounts.dropped();
        mark.lost = accounts.lost();
        mark.duplicates = accounts.duplicates();
        return mark;
    }

    /// Nothing ever came of this spool.
    boolean isUnused() {
        return lastSeq == 0;
    }

    boolean covers(long seq) {
        if (seq <= through) {
            return true;
        }
        if (above.isEmpty()) {
            return false;
        }
        Map.Entry<Long, Long> range = above.floorEntry(seq);
        return range != null && range.getValue() >= seq;
    }

    /// Accounts for a sequence that arrived. False for one that was accounted for already: a duplicate.
    boolean offer(long seq, Fate fate) {
        if (cover(seq, seq) == 0) {
            duplicates++;
            return false;
        }
        switch (fate) {
            case COUNTED -> counted++;
            case LATE -> late++;
            case REJECTED -> rejected++;
        }
        return true;
    }

    /// Accounts for sequences that will never arrive, the declaring record's own among them. False when all of them
    /// were accounted for already: a duplicate.
    boolean drop(List<SeqRange> ranges, long ownSeq) {
        long added = 0;
        for (SeqRange range : ranges) {
            added += cover(range.getFirst(), range.getLast());
        }
        added += cover(ownSeq, ownSeq);
        dropped += added;
        if (added == 0) {
            duplicates++;
        }
        return added > 0;
    }

    /// The sender says that its sequences reach to here.
    void reaches(long seq) {
        lastSeq = Math.max(lastSeq, seq);
    }

    public long through() {
        return through;
    }

    public long lastSeq() {
        return lastSeq;
    }

    /// How many sequences are neither here nor given up.
    public long openGaps() {
        return lastSeq - through - heldAbove;
    }

    public Accounts accounts() {
        return new Accounts(counted, late, rejected, dropped, lost, duplicates);
    }

    /// What the accounts leave unexplained; anything but 0 is a fault of this program.
    public long imbalance() {
        return lastSeq - counted - late - rejected - dropped - lost - openGaps();
    }

    /// The received ranges above `through`, to be stored.
    public byte[] ranges() {
        if (above.isEmpty()) {
            return NO_RANGES;
        }
        ByteBuffer out = ByteBuffer.allocate(above.size() * 2 * Long.BYTES);
        above.forEach((first, last) -> out.putLong(first).putLong(last));
        return out.array();
    }

    boolean isDirty() {
        return dirty;
    }

    void dirty(boolean isDirty) {
        dirty = isDirty;
    }

    /// Returns how many of the sequences were not covered before.
    private long cover(long from, long to) {
        lastSeq = Math.max(lastSeq, to);
        if (to <= through) {
            return 0;
        }
        if (from == through + 1 && above.isEmpty()) {
            through = to;
            return to - from + 1;
        }
        if (above.isEmpty() && !(above instanceof TreeMap)) {
            above = new TreeMap<>();
        }
        long first = Math.max(from, through + 1);
        long last = to;
        long held = 0;
        Map.Entry<Long, Long> touching = above.floorEntry(first);
        if (touching == null || touching.getValue() < first - 1) {
            touching = above.ceilingEntry(first);
        }
        while (touching != null && touching.getKey() - 1 <= last) {
            first = Math.min(first, touching.getKey());
            last = Math.max(last, touching.getValue());
            held += length(touching.getKey(), touching.getValue());
            above.remove(touching.getKey());
            touching = above.ceilingEntry(first);
        }
        heldAbove -= held;
        if (first == through + 1) {
            through = last;
        } else {
            above.put(first, last);
            heldAbove += length(first, last);
        }
        if (above.size() > MAX_RANGES) {
            giveUpOldestGap();
        }
        return length(first, last) - held;
    }

    private void giveUpOldestGap() {
        Map.Entry<Long, Long> oldest = above.pollFirstEntry();
        lost += oldest.getKey() - through - 1;
        heldAbove -= length(oldest.getKey(), oldest.getValue());
        through = oldest.getValue();
    }

    private static long length(long first, long last) {
        return last - first + 1;
    }
}
