// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.time.Duration;

/// How much a lane may hold, and how long the writer gathers records into one commit.
public record Bounds(long records, long bytes, Duration group) {
    public static final Bounds DEFAULT = new Bounds(100_000, 64L << 20, Duration.ofMillis(10));

    public Bounds {
        if (records < 2 || bytes < 1 || group.isNegative()) {
            throw new IllegalArgumentException(
                    "a spool of " + records + " records and " + bytes + " bytes, group " + group
                            + ", cannot hold anything; at least 2 records, 1 byte, and a group time that is not negative");
        }
    }
}
