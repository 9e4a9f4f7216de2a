// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.cli.table.Labels;
import io.edgewise.cli.table.Rows;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// How often each value of a column occurs.
final class CategoryCounts implements ColumnCounts {
    /// More different values are an identifier or free text.
    static final int MOST = 100_000;

    private static final int FIRST = 32;

    private final Labels labels = new Labels(MOST);
    private long[] counts = new long[FIRST];
    private long missing;

    @Override
    public void add(Rows rows, int column) {
        if (rows.isMissing(column)) {
            missing++;
            return;
        }
        int id = labels.id(
                rows,
                column,
                "An identifier or free text has no distribution to compare: leave the column out with --exclude.");
        if (id == counts.length) {
            counts = Arrays.copyOf(counts, 2 * id);
        }
        counts[id]++;
    }

    long missing() {
        return missing;
    }

    SortedMap<String, Long> counts() {
        SortedMap<String, Long> all = new TreeMap<>();
        for (int id = 0; id < labels.size(); id++) {
            all.put(labels.text(id), counts[id]);
        }
        return all;
    }
}
