// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The named counters of one book.
public final class Counters {
    public static final String DUPLICATES = "duplicates";
    public static final String LATE = "late";
    public static final String DEAD_LETTERS = "dead_letters";
    public static final String DEAD_LETTER = "dead_letter.";
    public static final String SLICE_OTHER = "slice_other";
    public static final String SLICE_DROPPED = "slice_dropped";
    public static final String HOLDOUT = "holdout";
    public static final String EMULATED = "emulated";
    public static final String CLOCK_AHEAD = "clock_ahead";
    public static final String CLONE_SUSPECTED = "clone_suspected";
    public static final String CONFIDENCE_ABOVE_ONE = "confidence_above_one";
    public static final String PROBS_UNNORMALISED = "probs_unnormalised";

    /// The counters that are always there; others are [#DEAD_LETTER] and a fault's code.
    public static final List<String> ALWAYS = List.of(
            DUPLICATES,
            LATE,
            DEAD_LETTERS,
            SLICE_OTHER,
            SLICE_DROPPED,
            HOLDOUT,
            EMULATED,
            CLOCK_AHEAD,
            CLONE_SUSPECTED,
            CONFIDENCE_ABOVE_ONE,
            PROBS_UNNORMALISED);

    private final Map<String, Long> amounts = new HashMap<>();
    /// Since the last time they were written.
    private final Map<String, Long> added = new HashMap<>();

    void restore(String name, long amount) {
        amounts.put(name, amount);
    }

    void add(String name, long amount) {
        if (amount != 0) {
            amounts.merge(name, amount, Math::addExact);
            added.merge(name, amount, Math::addExact);
        }
    }

    boolean isDirty() {
        return !added.isEmpty();
    }

    List<Map.Entry<String, Long>> dirty() {
        return added.keySet().stream()
                .map(name -> Map.entry(name, amounts.getOrDefault(name, 0L)))
                .toList();
    }

    Map<String, Long> added() {
        return Map.copyOf(added);
    }

    void written() {
        added.clear();
    }
}
