// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.statistics.grid.Cells;
import java.util.stream.IntStream;

/// Counts by cell number, growing with the cells that occur.
final class CellCounts {
    private static final int FIRST_SLOTS = 256;
    private static final int MIX = 0x9E3779B9;

    private int[] cells = new int[FIRST_SLOTS];
    private long[] counts = new long[FIRST_SLOTS];
    private int used;

    void add(int cell, long times) {
        int mask = cells.length - 1;
        int slot = slotOf(cell, mask);
        while (counts[slot] != 0) {
            if (cells[slot] == cell) {
                counts[slot] += times;
                return;
            }
            slot = slot + 1 & mask;
        }
        cells[slot] = cell;
        counts[slot] = times;
        if (2 * ++used >= cells.length) {
            grow();
        }
    }

    Cells toCells() {
        int[] order = IntStream.range(0, cells.length)
                .filter(slot -> counts[slot] != 0)
                .boxed()
                .sorted((one, two) -> Integer.compare(cells[one], cells[two]))
                .mapToInt(Integer::intValue)
                .toArray();
        return new Cells(
                IntStream.of(order).map(slot -> cells[slot]).toArray(),
                IntStream.of(order).mapToLong(slot -> counts[slot]).toArray());
    }

    private void grow() {
        int[] oldCells = cells;
        long[] oldCounts = counts;
        cells = new int[2 * oldCells.length];
        counts = new long[cells.length];
        int mask = cells.length - 1;
        for (int i = 0; i < oldCells.length; i++) {
            if (oldCounts[i] != 0) {
                int slot = slotOf(oldCells[i], mask);
                while (counts[slot] != 0) {
                    slot = slot + 1 & mask;
                }
                cells[slot] = oldCells[i];
                counts[slot] = oldCounts[i];
            }
        }
    }

    private static int slotOf(int cell, int mask) {
        int mixed = cell * MIX;
        return (mixed ^ mixed >>> 15) & mask;
    }
}
