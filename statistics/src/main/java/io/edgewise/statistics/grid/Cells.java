// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

import io.edgewise.statistics.special.Counts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Counts on the cells of one grid: cells strictly ascending, every count positive. Equal contents are
/// equal values.
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record Cells(int[] cells, long[] counts) {
    private static final Cells EMPTY = new Cells(new int[0], new long[0]);

    public Cells {
        if (cells.length != counts.length) {
            throw new IllegalArgumentException("Cells: " + cells.length + " cells but " + counts.length
                    + " counts; give one count for each cell.");
        }
        cells = cells.clone();
        counts = counts.clone();
        for (int i = 0; i < cells.length; i++) {
            if (counts[i] <= 0) {
                throw new IllegalArgumentException(
                        "Cells: count " + counts[i] + " at cell " + cells[i] + "; leave out cells that hold nothing.");
            }
            if (i > 0 && cells[i - 1] >= cells[i]) {
                throw new IllegalArgumentException("Cells: cell " + cells[i] + " stands after " + cells[i - 1]
                        + "; give each cell once, in ascending order.");
            }
        }
    }

    public static Cells empty() {
        return EMPTY;
    }

    @Override
    public int[] cells() {
        return cells.clone();
    }

    @Override
    public long[] counts() {
        return counts.clone();
    }

    /// The counts of both: what counting all observations together would have given, whatever the order.
    public Cells plus(Cells other) {
        int[] at = new int[cells.length + other.cells.length];
        long[] sums = new long[at.length];
        int found = 0;
        int i = 0;
        int j = 0;
        while (i < cells.length || j < other.cells.length) {
            boolean mine = j == other.cells.length || i < cells.length && cells[i] <= other.cells[j];
            boolean both = mine && j < other.cells.length && cells[i] == other.cells[j];
            at[found] = mine ? cells[i] : other.cells[j];
            sums[found++] = both ? Counts.add(counts[i], other.counts[j]) : mine ? counts[i] : other.counts[j];
            i += mine ? 1 : 0;
            j += both || !mine ? 1 : 0;
        }
        return new Cells(Arrays.copyOf(at, found), Arrays.copyOf(sums, found));
    }

    /// All observations, those in cells that stand apart (missing, infinite) included.
    public long total() {
        long total = 0;
        for (long count : counts) {
            total = Counts.add(total, count);
        }
        return total;
    }

    /// Observations in one cell.
    public long count(int cell) {
        int at = Arrays.binarySearch(cells, cell);
        return at < 0 ? 0 : counts[at];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cells that && Arrays.equals(cells, that.cells) && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(cells) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "Cells[" + Arrays.toString(cells) + " x " + Arrays.toString(counts) + "]";
    }
}
