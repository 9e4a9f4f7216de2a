// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Pairs of labels of a closed set by their indices: who said what (rows) beside who said what (columns).
/// Only pairs that occurred take memory; merges are exact.
public final class Confusion extends Accumulator<Confusion> {
    /// A dense table of more labels would take more than 128 MB.
    public static final int LARGEST_TABLE = 4096;

    private static final Kind KIND = Kind.CONFUSION;

    /// One pair that occurred.
    public record Cell(int row, int column, long count) {}

    private final Map<Long, Long> counts;
    private long total;

    public Confusion() {
        this(new HashMap<>(), 0);
    }

    private Confusion(Map<Long, Long> counts, long total) {
        this.counts = counts;
        this.total = total;
    }

    public void add(int row, int column) {
        add(row, column, 1);
    }

    public void add(int row, int column, long times) {
        KIND.requireCount(times);
        if (row < 0 || column < 0) {
            throw KIND.fault("row " + row + ", column " + column
                    + "; indices start at 0. Leave out pairs whose label is not in the set, or give it an index.");
        }
        if (times > 0) {
            total = KIND.plus(total, times);
            counts.merge(key(row, column), times, Long::sum);
        }
    }

    private static long key(int row, int column) {
        return (long) row << Integer.SIZE | column;
    }

    public long total() {
        return total;
    }

    public long count(int row, int column) {
        return row < 0 || column < 0 ? 0 : counts.getOrDefault(key(row, column), 0L);
    }

    /// Pairs that occurred, by row, then column.
    public List<Cell> cells() {
        return Arrays.stream(keys())
                .mapToObj(key -> new Cell(row(key), column(key), counts.getOrDefault(key, 0L)))
                .toList();
    }

    /// Pairs of the same label.
    public long diagonal() {
        long same = 0;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            same += row(entry.getKey()) == column(entry.getKey()) ? entry.getValue() : 0;
        }
        return same;
    }

    /// diagonal / total, the raw agreement; NaN of nothing.
    public double agreement() {
        return (double) diagonal() / total;
    }

    /// Observations by row index, ascending; only rows that occurred.
    public SortedMap<Integer, Long> rowTotals() {
        SortedMap<Integer, Long> totals = new TreeMap<>();
        counts.forEach((key, count) -> totals.merge(row(key), count, Long::sum));
        return totals;
    }

    /// Observations by column index, ascending; only columns that occurred.
    public SortedMap<Integer, Long> columnTotals() {
        SortedMap<Integer, Long> totals = new TreeMap<>();
        counts.forEach((key, count) -> totals.merge(column(key), count, Long::sum));
        return totals;
    }

    /// The square table of this many labels, `table[row][column]`.
    public long[][] toTable(int labels) {
        if (labels < 0 || labels > LARGEST_TABLE) {
            throw KIND.fault("a table of " + labels + " labels; 0 to " + LARGEST_TABLE + " fit. Use cells() instead.");
        }
        long[][] table = new long[labels][labels];
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            int row = row(entry.getKey());
            int column = column(entry.getKey());
            if (row >= labels || column >= labels) {
                throw KIND.fault("row " + row + ", column " + column + " lies outside a table of " + labels
                        + " labels. Was it counted with another label set?");
            }
            table[row][column] = entry.getValue();
        }
        return table;
    }

    private long[] keys() {
        return counts.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static int row(long key) {
        return (int) (key >>> Integer.SIZE);
    }

    private static int column(long key) {
        return (int) key;
    }

    @Override
    public void merge(Confusion other) {
        total = KIND.plus(total, other.total);
        Map.copyOf(other.counts).forEach((key, count) -> counts.merge(key, count, Long::sum));
    }

    @Override
    public Confusion copy() {
        return new Confusion(new HashMap<>(counts), total);
    }

    /// Cells by row, then column: rows ahead of the last one, column, count.
    @Override
    public byte[] encode() {
        Encoder encoder = new Encoder(KIND).count(counts.size());
        int row = 0;
        for (Cell cell : cells()) {
            encoder.count((long) cell.row - row).count(cell.column).count(cell.count);
            row = cell.row;
        }
        return encoder.bytes();
    }

    public static Confusion decode(byte[] bytes) {
        Decoder decoder = new Decoder(KIND, bytes);
        Map<Long, Long> counts = new HashMap<>();
        long total = 0;
        int size = decoder.size(3);
        int row = 0;
        long last = -1;
        for (int i = 0; i < size; i++) {
            row += decoder.atMost(Integer.MAX_VALUE - row, "row step");
            long key = key(row, decoder.atMost(Integer.MAX_VALUE, "column"));
            long count = decoder.count();
            if (key <= last || count == 0) {
                throw decoder.fault(
                        "row " + row + ", column " + column(key) + " holds nothing, or stands behind a later cell");
            }
            total = KIND.plus(total, count);
            counts.put(key, count);
            last = key;
        }
        decoder.end();
        return new Confusion(counts, total);
    }

    @Override
    public String toString() {
        return "Confusion[" + diagonal() + " of " + total + " on the diagonal, " + counts.size() + " cells]";
    }
}
