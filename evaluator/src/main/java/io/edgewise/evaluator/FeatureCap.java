// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.LogGrid;
import java.util.Arrays;
import java.util.List;

/// Bounds what features that devices declare take in a sum: an app names them, and their values may lie anywhere.
///
/// A name that finds no room is counted as [MeasureTable#OTHER_FEATURE]; a cell that finds none in the
/// nearest one of its feature that has. Values that are missing or infinite always have theirs. What came
/// first has room: beyond the bounds, and only there, a sum depends on the order of its parts.
final class FeatureCap {
    /// Cells of one feature: more than values between -1,024 and 1,024 have.
    static final int MOST_CELLS = 5_000;
    /// Cells of all features of a sum, but for the first one of each.
    static final int MOST_CELLS_IN_ALL = 65_536;
    /// Named features of a sum.
    static final int MOST_NAMES = 256;

    private FeatureCap() {}

    /// Whether all of `part` finds room in `sum`.
    static boolean fits(Tally sum, Tally part) {
        List<String> added = part.measures(Measures.FEATURE);
        if (added.isEmpty()) {
            return true;
        }
        List<String> held = sum.measures(Measures.FEATURE);
        if (held.size() + added.size() > MOST_NAMES && held.size() + unheld(sum, added) > MOST_NAMES) {
            return false;
        }
        for (String feature : added) {
            if (sum.read(feature).size() + part.read(feature).size() > MOST_CELLS) {
                return false;
            }
        }
        return cells(sum, held) + cells(part, added) <= MOST_CELLS_IN_ALL;
    }

    /// Adds the features of `part`, whether they fit or not.
    static void merge(Tally sum, Tally part) {
        List<String> held = sum.measures(Measures.FEATURE);
        int names = held.size();
        int cells = cells(sum, held);
        for (String feature : part.measures(Measures.FEATURE)) {
            boolean isNew = sum.read(feature).size() == 0;
            boolean hasRoom = !isNew || names < MOST_NAMES;
            Counts into = sum.of(hasRoom ? feature : MeasureTable.OTHER_FEATURE);
            names += isNew && hasRoom ? 1 : 0;
            cells += add(part.read(feature), into, MOST_CELLS_IN_ALL - cells);
        }
    }

    /// Returns how many cells this took, of those that are left.
    private static int add(Counts from, Counts into, int left) {
        int before = into.size();
        int[] known = {};
        for (int cell : from.buckets()) {
            int taken = into.size() - before;
            boolean hasRoom = into.size() == 0 || into.size() < MOST_CELLS && taken < left;
            if (hasRoom || into.holds(cell) || LogGrid.isApart(cell)) {
                into.add(cell, from.get(cell));
                continue;
            }
            if (known.length == 0) {
                // None is added from here on but those that stand apart.
                known = Arrays.stream(into.buckets())
                        .filter(each -> !LogGrid.isApart(each))
                        .toArray();
                known = known.length == 0 ? new int[] {cell} : known;
            }
            into.add(nearest(known, cell), from.get(cell));
        }
        return into.size() - before;
    }

    private static int nearest(int[] ascending, int cell) {
        int above = -Arrays.binarySearch(ascending, cell) - 1;
        if (above < 0) {
            return cell;
        }
        if (above == 0) {
            return ascending[0];
        }
        int below = ascending[above - 1];
        return above == ascending.length || cell - below <= ascending[above] - cell ? below : ascending[above];
    }

    private static int unheld(Tally sum, List<String> added) {
        return (int) added.stream().filter(each -> sum.read(each).size() == 0).count();
    }

    private static int cells(Tally tally, List<String> features) {
        int cells = 0;
        for (String feature : features) {
            cells += tally.read(feature).size();
        }
        return cells;
    }
}
