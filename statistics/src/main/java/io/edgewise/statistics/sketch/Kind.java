// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

/// First byte of every encoding. Codes are never given twice; a changed layout raises the version of its
/// kind.
enum Kind {
    EXACT_SUM(1, 1, "ExactSum"),
    MOMENTS(2, 1, "Moments"),
    QUANTILE_SKETCH(3, 1, "QuantileSketch"),
    DISTRIBUTION(4, 1, "Distribution"),
    HEAVY_HITTERS(5, 1, "HeavyHitters"),
    CONFUSION(6, 1, "Confusion"),
    LABEL_COUNTS(7, 1, "LabelCounts");

    final int code;
    final int version;
    final String title;

    Kind(int code, int version, String title) {
        this.code = code;
        this.version = version;
        this.title = title;
    }

    /// The kind of an encoding.
    static Kind of(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException(
                    "Accumulator: no bytes; an encoding starts with a kind and a version. Was the field left empty?");
        }
        for (Kind kind : values()) {
            if (kind.code == bytes[0]) {
                return kind;
            }
        }
        throw new IllegalArgumentException("Accumulator: kind " + (bytes[0] & 0xff) + " is unknown; known are 1 to "
                + values().length + ". Was it written by a newer release, or is it no accumulator?");
    }

    IllegalArgumentException fault(String what) {
        return new IllegalArgumentException(title + ": " + what);
    }

    /// a + b of two counts.
    long plus(long a, long b) {
        long sum = a + b;
        if (sum < 0) {
            throw fault("counts " + a + " and " + b + " add up to more than " + Long.MAX_VALUE
                    + ", which cannot come from counting. Are the bytes damaged?");
        }
        return sum;
    }

    void requireCount(long count) {
        if (count < 0) {
            throw fault("count " + count + " is negative; counts only grow.");
        }
    }
}
