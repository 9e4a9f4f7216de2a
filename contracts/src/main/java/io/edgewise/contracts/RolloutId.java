// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

/// A rollout's ULID.
public record RolloutId(String value) implements Comparable<RolloutId> {
    public RolloutId {
        if (!Ulid.isValid(value)) {
            throw new IllegalArgumentException(
                    "\"" + value + "\" is not a rollout id; expected a ULID: 26 characters of 0-9 A-Z without I L O U");
        }
    }

    @Override
    public int compareTo(RolloutId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
