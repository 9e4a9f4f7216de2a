// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where the figures of several rounds lie.
record Spread(double lowest, double median, double highest) {
    /// The median of an even number is the lower one of the two in the middle.
    static Spread of(List<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("no round, no figure");
        }
        List<Double> sorted = figures.stream().sorted().toList();
        return new Spread(sorted.getFirst(), sorted.get((sorted.size() - 1) / 2), sorted.getLast());
    }

    Map<String, Object> said() {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("median", Work.rounded(median));
        said.put("lowest", Work.rounded(lowest));
        said.put("highest", Work.rounded(highest));
        return said;
    }
}
