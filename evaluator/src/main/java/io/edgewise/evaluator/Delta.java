// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Arrays;

/// A few additions to a tally: what one record says. Used again for the next record, so that counting allocates
/// nothing.
final class Delta {
    private int[] measures = new int[64];
    private int[] buckets = new int[64];
    private long[] amounts = new long[64];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /// Number in the [MeasureTable].
    int measure(int at) {
        return measures[at];
    }

    int bucket(int at) {
        return buckets[at];
    }

    long amount(int at) {
        return amounts[at];
    }

    void add(int measure, int bucket) {
        add(measure, bucket, 1);
    }

    void add(int measure, int bucket, long amount) {
        if (size == buckets.length) {
            measures = Arrays.copyOf(measures, size * 2);
            buckets = Arrays.copyOf(buckets, size * 2);
            amounts = Arrays.copyOf(amounts, size * 2);
        }
        measures[size] = measure;
        buckets[size] = bucket;
        amounts[size] = amount;
        size++;
    }
}
