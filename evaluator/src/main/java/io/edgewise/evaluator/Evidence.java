// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The evidence of one book: totals that only grow.
final class Evidence {
    /// One row: all that the book ever counted for the key.
    static final class Row {
        private final EvidenceKey key;
        private final Tally tally;
        private long lastAppendMs;
        private boolean dirty;

        private Row(EvidenceKey key, Tally tally, long lastAppendMs) {
            this.key = key;
            this.tally = tally;
            this.lastAppendMs = lastAppendMs;
        }

        Tally tally() {
            return tally;
        }

        void observedAt(long appendMs) {
            lastAppendMs = Math.max(lastAppendMs, appendMs);
        }
    }

    /// A stratum that nothing was added to for so many flushes is forgotten; it is read again when it is needed.
    static final long IDLE_FLUSHES = 4 * 3600;

    /// The slices of one stratum.
    private static final class Slices {
        private final Map<String, Row> rows = new HashMap<>();
        private long touchedAt;
    }

    /// By the key of the slice "all".
    private final Map<EvidenceKey, Slices> all = new HashMap<>();
    private final List<Row> dirty = new ArrayList<>();
    private final EvidenceSource source;
    private long flushes;

    Evidence(EvidenceSource source) {
        this.source = source;
    }

    /// For a change: it will be written with the next flush. `key` is the one of the slice "all".
    Row touch(EvidenceKey key, String slice) {
        Slices slices = all.computeIfAbsent(key, this::load);
        slices.touchedAt = flushes;
        Row row = slices.rows.get(slice);
        if (row == null) {
            row = new Row(withSlice(key, slice), new Tally(), 0);
            slices.rows.put(slice, row);
        }
        if (!row.dirty) {
            row.dirty = true;
            dirty.add(row);
        }
        return row;
    }

    private Slices load(EvidenceKey key) {
        Slices slices = new Slices();
        for (BookChanges.EvidenceTotal stored : source.load(key)) {
            EvidenceKey itsKey = stored.key();
            slices.rows.put(itsKey.stratum().slice(), new Row(itsKey, stored.tally(), stored.lastAppendMs()));
        }
        return slices;
    }

    /// Rows in memory.
    int held() {
        return all.values().stream().mapToInt(slices -> slices.rows.size()).sum();
    }

    boolean isDirty() {
        return !dirty.isEmpty();
    }

    List<BookChanges.EvidenceTotal> dirty() {
        List<BookChanges.EvidenceTotal> rows = new ArrayList<>(dirty.size());
        dirty.forEach(row -> rows.add(new BookChanges.EvidenceTotal(row.key, row.tally, row.lastAppendMs)));
        return rows;
    }

    void written() {
        dirty.forEach(row -> row.dirty = false);
        dirty.clear();
        flushes++;
        all.values().removeIf(slices -> flushes - slices.touchedAt > IDLE_FLUSHES);
    }

    private static EvidenceKey withSlice(EvidenceKey key, String slice) {
        Stratum stratum = key.stratum();
        if (stratum.slice().equals(slice)) {
            return key;
        }
        return new EvidenceKey(
                key.tenant(),
                key.workload(),
                key.rollout(),
                new Stratum(stratum.stage(), stratum.cohort(), stratum.pairingRateBp(), stratum.escalated(), slice));
    }
}
