// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Arrays;

/// A few additions to a tally: what one record says. Used again for the next record, so that counting allocates
/// nothing.
final class Delta {
    /// Words of an addition: [#name(int, int)] of its bucket, and the amount.
    static final int WORDS = 2;

    private long[] words = new long[WORDS * 64];
    private int length;

    void clear() {
        length = 0;
    }

    int size() {
        return length / WORDS;
    }

    /// Number in the [MeasureTable].
    int measure(int at) {
        return measure(words[WORDS * at]);
    }

    int bucket(int at) {
        return bucket(words[WORDS * at]);
    }

    long amount(int at) {
        return words[WORDS * at + 1];
    }

    void add(int measure, int bucket) {
        add(measure, bucket, 1);
    }

    void add(int measure, int bucket, long amount) {
        if (length == words.length) {
            words = Arrays.copyOf(words, length * 2);
        }
        words[length] = name(measure, bucket);
        words[length + 1] = amount;
        length += WORDS;
    }

    /// Writes all additions, and returns where they end.
    int copy(long[] into, int at) {
        System.arraycopy(words, 0, into, at, length);
        return at + length;
    }

    /// Measure and bucket in one number, which is never 0.
    private static long name(int measure, int bucket) {
        return (measure + 1L) << Integer.SIZE | bucket & 0xFFFF_FFFFL;
    }

    static int measure(long name) {
        return (int) (name >>> Integer.SIZE) - 1;
    }

    static int bucket(long name) {
        return (int) name;
    }
}
