// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How often each pair of labels, by their numbers, occurred.
final class PairTable {
    private static final int FIRST_SLOTS = 64;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private long[] pairs = new long[FIRST_SLOTS];
    private long[] counts = new long[FIRST_SLOTS];
    private int used;

    /// @param edge row
    /// @param frontier column
    record Cell(int edge, int frontier, long count) {}

    void add(int edge, int frontier) {
        long pair = (long) edge << Integer.SIZE | frontier;
        int mask = pairs.length - 1;
        int slot = slotOf(pair, mask);
        while (counts[slot] != 0) {
            if (pairs[slot] == pair) {
                counts[slot]++;
                return;
            }
            slot = slot + 1 & mask;
        }
        pairs[slot] = pair;
        counts[slot] = 1;
        if (2 * ++used >= pairs.length) {
            grow();
        }
    }

    int different() {
        return used;
    }

    /// The most frequent first; equal ones by their labels' numbers.
    List<Cell> cells() {
        List<Cell> cells = new ArrayList<>(used);
        for (int slot = 0; slot < pairs.length; slot++) {
            if (counts[slot] != 0) {
                cells.add(new Cell((int) (pairs[slot] >>> Integer.SIZE), (int) pairs[slot], counts[slot]));
            }
        }
        cells.sort(Comparator.comparingLong((Cell cell) -> -cell.count())
                .thenComparingInt(Cell::edge)
                .thenComparingInt(Cell::frontier));
        return cells;
    }

    private void grow() {
        long[] oldPairs = pairs;
        long[] oldCounts = counts;
        pairs = new long[2 * oldPairs.length];
        counts = new long[pairs.length];
        int mask = pairs.length - 1;
        for (int i = 0; i < oldPairs.length; i++) {
            if (oldCounts[i] != 0) {
                int slot = slotOf(oldPairs[i], mask);
                while (counts[slot] != 0) {
                    slot = slot + 1 & mask;
                }
                pairs[slot] = oldPairs[i];
                counts[slot] = oldCounts[i];
            }
        }
    }

    private static int slotOf(long pair, int mask) {
        long mixed = pair * MIX;
        return (int) (mixed >>> Integer.SIZE) & mask;
    }
}
