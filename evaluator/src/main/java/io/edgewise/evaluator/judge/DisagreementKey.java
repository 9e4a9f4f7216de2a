// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.judge;

import io.edgewise.contracts.Ulid;
import java.util.Optional;

/// Which disagreement, within its tenant. The chance is a keyed hash of the record: no two records of a minute share
/// one.
///
/// @param rollout empty for what was observed outside a rollout
public record DisagreementKey(String rollout, long minute, long chance) {
    private static final int PARTS = 3;
    private static final int HEX_DIGITS = 16;
    private static final int MOST_DIGITS = 12;

    /// For paths: the rollout or "-", the minute, the chance, separated by '~'.
    public String id() {
        String hex = Long.toHexString(chance);
        return (rollout.isEmpty() ? "-" : rollout) + '~' + minute + '~' + "0".repeat(HEX_DIGITS - hex.length()) + hex;
    }

    /// Empty for what no [#id()] gives.
    public static Optional<DisagreementKey> of(String id) {
        String[] parts = id.split("~", -1);
        if (parts.length != PARTS
                || !(parts[0].equals("-") || Ulid.isValid(parts[0]))
                || !parts[1].matches("\\d{1," + MOST_DIGITS + "}")
                || !parts[2].matches("[0-9a-f]{" + HEX_DIGITS + "}")) {
            return Optional.empty();
        }
        return Optional.of(new DisagreementKey(
                parts[0].equals("-") ? "" : parts[0],
                Long.parseLong(parts[1]),
                Long.parseUnsignedLong(parts[2], HEX_DIGITS)));
    }
}
