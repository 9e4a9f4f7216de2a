// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.statistics.classification.Kappa;
import io.edgewise.statistics.proportion.Interval;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Cohen's κ of the labels that occurred.
///
/// @param low of the 95 % interval; NaN where there is none (all or nothing agrees, or more than 1,500 labels)
public record Agreed(double kappa, double low, double high, int labels) {
    /// A square table of more labels is large, and its standard error slow.
    private static final int LARGEST_TABLE = 1_500;

    private static final double LEVEL = 0.95;

    static Agreed of(PairTable table) {
        List<PairTable.Cell> cells = table.cells();
        Map<Integer, Integer> index = new HashMap<>();
        for (PairTable.Cell cell : cells) {
            index.putIfAbsent(cell.edge(), index.size());
            index.putIfAbsent(cell.frontier(), index.size());
        }
        int labels = index.size();
        if (labels > LARGEST_TABLE) {
            return new Agreed(fromMargins(cells), Double.NaN, Double.NaN, labels);
        }
        long[][] square = new long[labels][labels];
        for (PairTable.Cell cell : cells) {
            square[at(index, cell.edge())][at(index, cell.frontier())] += cell.count();
        }
        Kappa kappa = Kappa.of(square);
        Interval interval = kappa.interval(LEVEL);
        return new Agreed(kappa.kappa(), interval.low(), interval.high(), labels);
    }

    private static int at(Map<Integer, Integer> index, int label) {
        return index.getOrDefault(label, 0);
    }

    private static double fromMargins(List<PairTable.Cell> cells) {
        Map<Integer, Long> rows = new HashMap<>();
        Map<Integer, Long> columns = new HashMap<>();
        double n = 0;
        double same = 0;
        for (PairTable.Cell cell : cells) {
            rows.merge(cell.edge(), cell.count(), Long::sum);
            columns.merge(cell.frontier(), cell.count(), Long::sum);
            n += cell.count();
            same += cell.edge() == cell.frontier() ? cell.count() : 0;
        }
        double chance = 0;
        for (Map.Entry<Integer, Long> row : rows.entrySet()) {
            chance += row.getValue() / n * (columns.getOrDefault(row.getKey(), 0L) / n);
        }
        return chance < 1 ? (same / n - chance) / (1 - chance) : Double.NaN;
    }
}
