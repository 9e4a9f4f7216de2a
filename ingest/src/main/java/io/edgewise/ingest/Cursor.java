// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

/// What a device was told last, in one number that every instance of ingest computes alike from the same orders: the
/// highest revision, the version of the key set in ten bits, the issues of all its leases together in twenty-two.
record Cursor(long revision, long keys, long issue) {
    private static final int REVISION_AT = 32;
    private static final int KEYS_AT = 22;
    private static final long MOST_KEYS = 1_023;
    private static final long ISSUES = (1L << KEYS_AT) - 1;

    static Cursor of(long number) {
        return new Cursor(number >>> REVISION_AT, (number >>> KEYS_AT) & MOST_KEYS, number & ISSUES);
    }

    long number() {
        return revision << REVISION_AT | Math.min(keys, MOST_KEYS) << KEYS_AT | issue & ISSUES;
    }

    boolean knows(Cursor other) {
        return keys >= Math.min(other.keys, MOST_KEYS) && !isOlderOrder(other);
    }

    /// What a device knows that knew this and is told that: an instance that lags takes nothing away.
    Cursor and(Cursor other) {
        Cursor order = isOlderOrder(other) ? other : this;
        return new Cursor(order.revision, Math.max(keys, other.keys), order.issue);
    }

    private boolean isOlderOrder(Cursor other) {
        return revision != other.revision ? revision < other.revision : issue < (other.issue & ISSUES);
    }
}
