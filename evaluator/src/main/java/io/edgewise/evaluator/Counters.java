// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The named counters of one lane.
final class Counters {
    static final String DUPLICATES = "duplicates";
    static final String LATE = "late";
    static final String DEAD_LETTERS = "dead_letters";
    static final String DEAD_LETTER = "dead_letter.";
    static final String SLICE_OTHER = "slice_other";
    static final String SLICE_DROPPED = "slice_dropped";
    static final String HOLDOUT = "holdout";
    static final String EMULATED = "emulated";

    private final Map<String, Long> amounts = new HashMap<>();
    private final Set<String> dirty = new HashSet<>();

    void restore(String name, long amount) {
        amounts.put(name, amount);
    }

    void add(String name, long amount) {
        if (amount != 0) {
            amounts.merge(name, amount, Math::addExact);
            dirty.add(name);
        }
    }

    List<Map.Entry<String, Long>> dirty() {
        return dirty.stream()
                .map(name -> Map.entry(name, amounts.getOrDefault(name, 0L)))
                .toList();
    }

    void written() {
        dirty.clear();
    }
}
