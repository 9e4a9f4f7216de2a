// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.time.Duration;

/// How much a lane may hold and for how long, and how long and how many records the writer gathers into
/// one commit.
public record Bounds(long records, long bytes, Duration age, Duration group, int groupRecords) {
    private static final Duration AGE = Duration.ofDays(14);
    private static final int GROUP = 64;

    public static final Bounds DEFAULT = new Bounds(100_000, 64L << 20, Duration.ofMillis(5));

    public Bounds(long records, long bytes, Duration group) {
        this(records, bytes, AGE, group, GROUP);
    }

    public Bounds {
        if (records < 2 || bytes < 1 || group.isNegative() || groupRecords < 1 || !age.isPositive()) {
            throw new IllegalArgumentException(
                    "a spool of " + records + " records and " + bytes + " bytes for " + age + ", in groups of "
                            + groupRecords + " and " + group
                            + ", cannot hold anything; at least 2 records, 1 byte, a positive age, groups of 1 and a"
                            + " group time that is not negative");
        }
    }
}
