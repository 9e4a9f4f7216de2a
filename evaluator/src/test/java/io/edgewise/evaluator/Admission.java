// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Admits attributes and values first come, first served, as the database does.
final class Admission implements SliceAdmission {
    private record Rollout(String tenant, String rollout) {}

    private final Map<Rollout, Map<String, Set<String>>> declared = new HashMap<>();
    private final Map<Rollout, Set<String>> classes = new HashMap<>();
    private final int cap;
    private int asked;

    Admission(int cap) {
        this.cap = cap;
    }

    int asked() {
        return asked;
    }

    @Override
    public Admitted admit(String tenant, String rollout, String attribute, String value) {
        asked++;
        Rollout of = new Rollout(tenant, rollout);
        Map<String, Set<String>> attributes = declared.computeIfAbsent(of, unseen -> new HashMap<>());
        if (attribute.equals(Slices.DEVICE_CLASS)) {
            return new Admitted(
                    attributes.keySet(), add(classes.computeIfAbsent(of, unseen -> new HashSet<>()), value));
        }
        if (!attributes.containsKey(attribute) && attributes.size() >= Slices.MOST_ATTRIBUTES) {
            return new Admitted(attributes.keySet(), Set.of());
        }
        Set<String> values = attributes.computeIfAbsent(attribute, unseen -> new HashSet<>());
        return new Admitted(attributes.keySet(), add(values, value));
    }

    private Set<String> add(Set<String> values, String value) {
        if (values.size() < cap && !value.equals(Slices.OTHER)) {
            values.add(value);
        }
        return values;
    }
}
