// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import io.edgewise.contracts.v1.ReferenceSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Everything wrong with a reference set, named: whoever signs one and whoever believes one asks the same.
public final class ReferenceFaults {
    /// Fifty a minute: a device answers them in three hours and a half.
    public static final int MAX_EXAMPLES = 10_000;

    private static final int MAX_TEXT = 32 * 1024;
    /// More would only repeat what is wrong with the set as a whole.
    private static final int MOST_TOLD = 20;

    private ReferenceFaults() {}

    public static List<Fault> of(ReferenceSet set) {
        FaultList faults = new FaultList();
        faults.name("tenant", set.getTenant());
        faults.name("workload", set.getWorkload());
        faults.name("name", set.getName());
        faults.between("version", set.getVersion(), 1, Integer.MAX_VALUE);
        int examples = set.getExamplesCount();
        if (examples == 0 || examples > MAX_EXAMPLES) {
            faults.add("range", "examples", examples + " examples; 1 to " + MAX_EXAMPLES + " can be");
        }
        Set<String> items = new HashSet<>();
        for (int i = 0; i < Math.min(examples, MAX_EXAMPLES) && faults.toList().size() < MOST_TOLD; i++) {
            example("examples[" + i + "]", set.getExamples(i), items, faults);
        }
        return faults.toList();
    }

    private static void example(String where, ReferenceSet.Example example, Set<String> items, FaultList faults) {
        present(where + ".item", example.getItem(), faults);
        faults.text(where + ".item", example.getItem(), ObservationFaults.MAX_LABEL);
        if (!items.add(example.getItem())) {
            faults.add("duplicate", where + ".item", "\"" + example.getItem() + "\" is there twice");
        }
        present(where + ".text", example.getText(), faults);
        if (example.getText().length() > MAX_TEXT) {
            faults.add("too_long", where + ".text", "at most " + MAX_TEXT + " characters");
        }
        present(where + ".truth_label", example.getTruthLabel(), faults);
        faults.text(where + ".truth_label", example.getTruthLabel(), ObservationFaults.MAX_LABEL);
    }

    private static void present(String field, String value, FaultList faults) {
        if (value.isBlank()) {
            faults.add("missing", field, "is empty");
        }
    }
}
