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
    /// A minute that late records add to is folded again after so long.
    static final long REST_MS = 30_000;

    /// By the key of the slice "all", then by slice.
    private final Map<WindowKey, Map<String, Cell>> fresh = new HashMap<>();
    /// When minutes were folded last; only of those that are not to be folded again yet.
    private final Map<Long, Long> resting = new HashMap<>();
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

    /// Minutes before this one, oldest first, without those that were folded a moment ago.
    List<Long> unfoldedBefore(long minute, long nowMs) {
        resting.values().removeIf(foldedMs -> foldedMs > nowMs || nowMs - foldedMs >= REST_MS);
        return unfolded.headSet(minute, false).stream()
                .filter(each -> !resting.containsKey(each))
                .toList();
    }

    boolean hasUnfolded() {
        return !unfolded.isEmpty();
    }

    void folded(List<Long> minutes, long nowMs) {
        minutes.forEach(minute -> {
            unfolded.remove(minute);
            resting.put(minute, nowMs);
        });
    }
}
