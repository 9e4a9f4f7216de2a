// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The evidence counters of one lane: they only grow.
final class Evidence {
    /// One row: all that this lane ever counted for the key.
    static final class Row {
        private final EvidenceKey key;
        private final Cell cell;
        private long lastAppendMs;
        private boolean dirty;

        private Row(EvidenceKey key, Cell cell, long lastAppendMs) {
            this.key = key;
            this.cell = cell;
            this.lastAppendMs = lastAppendMs;
        }

        Cell cell() {
            return cell;
        }

        void observedAt(long appendMs) {
            lastAppendMs = Math.max(lastAppendMs, appendMs);
        }
    }

    /// By the key of the slice "all", then by slice: a record's slices share all but the last step.
    private final Map<EvidenceKey, Map<String, Row>> all = new HashMap<>();
    private final List<Row> dirty = new ArrayList<>();

    void restore(EvidenceKey key, Tally total, long lastAppendMs) {
        Stratum stratum = key.stratum();
        slices(withSlice(key, Stratum.ALL)).put(stratum.slice(), new Row(key, new Cell(total), lastAppendMs));
    }

    /// `key` is the one of the slice "all".
    Map<String, Row> slices(EvidenceKey key) {
        return all.computeIfAbsent(key, fresh -> new HashMap<>());
    }

    /// For a change: it will be written with the next flush.
    Row touch(EvidenceKey key, Map<String, Row> slices, String slice) {
        Row row = slices.get(slice);
        if (row == null) {
            row = new Row(withSlice(key, slice), new Cell(new Tally()), 0);
            slices.put(slice, row);
        }
        if (!row.dirty) {
            row.dirty = true;
            dirty.add(row);
        }
        return row;
    }

    Row touch(EvidenceKey key) {
        return touch(key, slices(key), Stratum.ALL);
    }

    List<Changes.EvidenceTotal> dirty() {
        List<Changes.EvidenceTotal> rows = new ArrayList<>(dirty.size());
        dirty.forEach(row -> rows.add(new Changes.EvidenceTotal(row.key, row.cell.tally(), row.lastAppendMs)));
        return rows;
    }

    void written() {
        dirty.forEach(row -> row.dirty = false);
        dirty.clear();
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
