// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.HashMap;
import java.util.HashSet;
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

    /// Where records of the group with this value of the attribute count.
    Group.Place place(EvidenceKey key, String attribute, String value, Group group) {
        if (value.isEmpty()) {
            return Group.Place.NONE;
        }
        Map<String, String> known =
                known(new AttributeKey(key.tenant(), key.rollout(), attribute), isPlain(value) ? value : OTHER);
        if (known == null) {
            return Group.Place.DROPPED;
        }
        String name = known.get(value);
        return name == null
                ? new Group.Place(group.slice(attribute + '=' + OTHER), true, false)
                : new Group.Place(group.slice(name), false, false);
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
