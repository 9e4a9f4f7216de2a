// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What devices have told of themselves, of one rollout.
///
/// @param known devices that reported on it
/// @param unconfirmed of these, those that do not obey its newest directive and may still act by an older one
/// @param awaited of the unconfirmed, those that were heard of lately
/// @param approved of the unconfirmed, those that need no lease: the challenger was approved there
public record Fleet(long known, long unconfirmed, long awaited, long approved) {
    public static final Fleet UNKNOWN = new Fleet(0, 0, 0, 0);

    /// The measure with the devices of a rollout, in the buckets below. Each device counts once.
    public static final String COUNTS = "fleet.devices";

    /// Devices that reported.
    public static final int KNOWN = 0;

    /// Those whose challenger took the process down.
    public static final int CRASHED = 1;

    /// Those whose breaker opened.
    public static final int BROKE = 2;

    /// Those that fell silent.
    public static final int SILENT = 3;

    /// Those that have been seen for long enough to be called good.
    public static final int SETTLED = 4;

    public Fleet {
        if (known < 0
                || unconfirmed < 0
                || unconfirmed > known
                || awaited < 0
                || awaited > unconfirmed
                || approved < 0
                || approved > unconfirmed) {
            throw new IllegalArgumentException("of " + known + " devices " + unconfirmed + " are unconfirmed, of these "
                    + awaited + " awaited and " + approved + " approved; no part can be more than the whole");
        }
    }

    /// Of which only the number is known.
    public static Fleet of(long known) {
        return new Fleet(known, 0, 0, 0);
    }
}
