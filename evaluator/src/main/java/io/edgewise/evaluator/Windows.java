// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// What was added to windows since the last flush, and the minutes whose written parts are not folded yet.
final class Windows {
    /// By the key of the slice "all", then by slice.
    private final Map<WindowKey, Map<String, Cell>> fresh = new HashMap<>();
    private final NavigableSet<Long> unfolded = new TreeSet<>();

    void restoreUnfolded(long minute) {
        unfolded.add(minute);
    }

    /// `key` is the one of the slice "all".
    Map<String, Cell> slices(WindowKey key) {
        return fresh.computeIfAbsent(key, unseen -> new HashMap<>());
    }

    static Cell touch(Map<String, Cell> slices, String slice) {
        return slices.computeIfAbsent(slice, unseen -> new Cell(new Tally()));
    }

    List<Map.Entry<WindowKey, Tally>> fresh() {
        List<Map.Entry<WindowKey, Tally>> deltas = new ArrayList<>();
        fresh.forEach((key, slices) ->
                slices.forEach((slice, cell) -> deltas.add(Map.entry(key.withSlice(slice), cell.tally()))));
        return deltas;
    }

    void written() {
        fresh.keySet().forEach(key -> unfolded.add(key.minute()));
        fresh.clear();
    }

    /// Minutes before this one, oldest first.
    List<Long> unfoldedBefore(long minute) {
        return List.copyOf(unfolded.headSet(minute, false));
    }

    boolean hasUnfolded() {
        return !unfolded.isEmpty();
    }

    void folded(List<Long> minutes) {
        minutes.forEach(unfolded::remove);
    }
}
