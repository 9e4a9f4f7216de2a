// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A task that a team runs, as its definition stood at this version.
///
/// `prices` maps what answers ("edge" or a frontier's name) to the price of one request in nano-units of `currency`;
/// `priceCard` names the version of that list.
public record Workload(
        String name,
        int version,
        Kind kind,
        List<String> labels,
        Set<String> refusalLabels,
        String agreement,
        String currency,
        String priceCard,
        Map<String, Long> prices) {
    public enum Kind {
        CLASSIFICATION,
        GENERATION,
        EXTRACTION,
        RANKING,
        TRANSCRIPT
    }

    public Workload {
        Names.require("workload", name);
        if (version < 1) {
            throw new IllegalArgumentException(
                    "workload " + name + " has version " + version + "; versions count from 1");
        }
        labels = List.copyOf(labels);
        refusalLabels = Set.copyOf(refusalLabels);
        prices = Map.copyOf(prices);
        if (!labels.isEmpty() && !labels.containsAll(refusalLabels)) {
            throw new IllegalArgumentException(
                    "workload " + name + ": refusal labels " + refusalLabels + " are not all in its label set");
        }
    }
}
