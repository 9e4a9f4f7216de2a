// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Tally;
import java.util.HashMap;
import java.util.Map;

/// A tally that is added to often: it remembers where its measures are.
final class Cell {
    private final Tally tally;
    private final Map<String, Counts> measures = new HashMap<>();

    Cell(Tally tally) {
        this.tally = tally;
    }

    Tally tally() {
        return tally;
    }

    void add(Delta delta) {
        for (int i = 0; i < delta.size(); i++) {
            add(delta.measure(i), delta.bucket(i), delta.amount(i));
        }
    }

    void add(String measure, int bucket, long amount) {
        Counts counts = measures.get(measure);
        if (counts == null) {
            counts = tally.of(measure);
            measures.put(measure, counts);
        }
        counts.add(bucket, amount);
    }
}
