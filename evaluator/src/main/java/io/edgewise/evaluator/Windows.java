// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was added to windows since the last flush.
final class Windows {
    /// By the key of the slice "all", then by slice.
    private final Map<WindowKey, Map<String, Tally>> fresh = new HashMap<>();

    /// `key` is the one of the slice "all".
    Map<String, Tally> slices(WindowKey key) {
        return fresh.computeIfAbsent(key, unseen -> new HashMap<>());
    }

    boolean isDirty() {
        return !fresh.isEmpty();
    }

    List<Map.Entry<WindowKey, Tally>> fresh() {
        List<Map.Entry<WindowKey, Tally>> deltas = new ArrayList<>();
        fresh.forEach(
                (key, slices) -> slices.forEach((slice, tally) -> deltas.add(Map.entry(key.withSlice(slice), tally))));
        return deltas;
    }

    void written() {
        fresh.clear();
    }
}
