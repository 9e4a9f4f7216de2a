// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The slices that a record counts in: "all", and "attribute=value" for each of its attributes. An attribute has at
/// most
/// so many values by name; a value beyond them, longer than 64 characters or not plain text counts as
/// "attribute=other".
public final class Slices {
    static final String DEVICE_CLASS = "device_class";
    static final int LONGEST_VALUE = 64;

    private static final String OTHER = "other";

    private record AttributeKey(String tenant, String rollout, String attribute) {}

    private final Map<AttributeKey, Map<String, String>> admitted = new HashMap<>();
    private final SliceAdmission admission;
    private final int cap;

    public Slices(SliceAdmission admission, int cap) {
        this.admission = admission;
        this.cap = cap;
    }

    /// Counts how often a value had to be counted as "other".
    static final class Names {
        private final List<String> names = new ArrayList<>();
        private int others;

        List<String> names() {
            return names;
        }

        int others() {
            return others;
        }
    }

    Names of(String tenant, String rollout, Map<String, String> attributes, @Nullable String deviceClass) {
        Names names = new Names();
        names.names.add(Stratum.ALL);
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            if (deviceClass == null || !attribute.getKey().equals(DEVICE_CLASS)) {
                add(new AttributeKey(tenant, rollout, attribute.getKey()), attribute.getValue(), names);
            }
        }
        if (deviceClass != null) {
            add(new AttributeKey(tenant, rollout, DEVICE_CLASS), deviceClass, names);
        }
        return names;
    }

    private void add(AttributeKey key, String value, Names names) {
        if (value.isEmpty()) {
            return;
        }
        String name = name(key, value);
        if (name == null) {
            names.names.add(key.attribute() + '=' + OTHER);
            names.others++;
        } else {
            names.names.add(name);
        }
    }

    private @Nullable String name(AttributeKey key, String value) {
        Map<String, String> known = admitted.get(key);
        String name = known == null ? null : known.get(value);
        if (name != null || !isPlain(value) || known != null && known.size() >= cap) {
            return name;
        }
        Map<String, String> fresh = new HashMap<>();
        Set<String> values = admission.admit(key.tenant(), key.rollout(), key.attribute(), value);
        for (String each : values) {
            fresh.put(each, key.attribute() + '=' + each);
        }
        admitted.put(key, fresh);
        return fresh.get(value);
    }

    private static boolean isPlain(String value) {
        return value.length() <= LONGEST_VALUE
                && !value.equals(OTHER)
                && value.chars().noneMatch(Character::isISOControl);
    }
}
