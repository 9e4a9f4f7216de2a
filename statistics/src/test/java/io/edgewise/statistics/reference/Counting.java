// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import io.edgewise.statistics.grid.Cells;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleToIntFunction;

/// Counts samples on a grid.
public final class Counting {
    private Counting() {}

    public static Cells count(double[] sample, DoubleToIntFunction grid) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (double value : sample) {
            counts.merge(grid.applyAsInt(value), 1L, Long::sum);
        }
        return new Cells(
                counts.keySet().stream().mapToInt(Integer::intValue).toArray(),
                counts.values().stream().mapToLong(Long::longValue).toArray());
    }
}
