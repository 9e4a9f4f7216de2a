// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The slices that a record counts in: "all", and "attribute=value" for each of its attributes. A
/// rollout has at most {@link #MOST_ATTRIBUTES} attributes; further ones are left out. An attribute has at most so many
/// values by name; a value beyond them, longer than 64 characters or not plain text counts as "attribute=other".
public final class Slices {
    /// Set by the agent itself and always counted; it takes no place from the declared attributes.
    public static final String DEVICE_CLASS = "device_class";

    /// Declared attributes of one rollout that are counted. Further ones are left out.
    public static final int MOST_ATTRIBUTES = 32;

    /// Stands for all values that are not counted by name.
    public static final String OTHER = "other";

    static final int LONGEST_VALUE = 64;

    private record AttributeKey(String tenant, String rollout, String attribute) {}

    private record RolloutKey(String tenant, String rollout) {}

    private final Map<AttributeKey, Map<String, String>> admitted = new HashMap<>();
    /// Rollouts all of whose attributes are in `admitted`, and that have no room for another.
    private final Set<RolloutKey> full = new HashSet<>();
    private final SliceAdmission admission;
    private final int cap;

    public Slices(SliceAdmission admission, int cap) {
        this.admission = admission;
        this.cap = cap;
    }

    /// Counts how often a value had to be counted as "other", and how many attributes were one too many.
    static final class Names {
        private final List<String> names = new ArrayList<>();
        private int others;
        private int dropped;

        List<String> names() {
            return names;
        }

        int others() {
            return others;
        }

        int dropped() {
            return dropped;
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
        Map<String, String> known = known(key, isPlain(value) ? value : OTHER);
        if (known == null) {
            names.dropped++;
            return;
        }
        String name = known.get(value);
        if (name == null) {
            names.names.add(key.attribute() + '=' + OTHER);
            names.others++;
        } else {
            names.names.add(name);
        }
    }

    /// The names of the values that are counted by name, after asking for this one; null when the attribute is one too
    /// many.
    private @Nullable Map<String, String> known(AttributeKey key, String value) {
        Map<String, String> known = admitted.get(key);
        if (known != null && (value.equals(OTHER) || known.containsKey(value) || known.size() >= cap)) {
            return known;
        }
        RolloutKey rollout = new RolloutKey(key.tenant(), key.rollout());
        if (known == null && full.contains(rollout) && !key.attribute().equals(DEVICE_CLASS)) {
            return null;
        }
        SliceAdmission.Admitted now = admission.admit(key.tenant(), key.rollout(), key.attribute(), value);
        if (now.attributes().size() >= MOST_ATTRIBUTES) {
            full.add(rollout);
            now.attributes()
                    .forEach(each ->
                            admitted.putIfAbsent(new AttributeKey(key.tenant(), key.rollout(), each), Map.of()));
        }
        if (!key.attribute().equals(DEVICE_CLASS) && !now.attributes().contains(key.attribute())) {
            return null;
        }
        Map<String, String> fresh = new HashMap<>();
        for (String each : now.values()) {
            fresh.put(each, key.attribute() + '=' + each);
        }
        admitted.put(key, fresh);
        return fresh;
    }

    private static boolean isPlain(String value) {
        return value.length() <= LONGEST_VALUE
                && !value.equals(OTHER)
                && value.chars().noneMatch(Character::isISOControl);
    }
}
