// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

/// A difference of two products of counts, which a long does not hold from 10⁹ observations a side on: 128 bits
/// in two's complement.
///
/// @param low the lower half, without sign
record Wide(long high, long low) implements Comparable<Wide> {
    static final Wide ZERO = new Wide(0, 0);

    private static final double HALF = 0x1p63;

    /// a b - c d, for factors of at least 0.
    static Wide difference(long a, long b, long c, long d) {
        long first = a * b;
        long second = c * d;
        long borrow = Long.compareUnsigned(first, second) < 0 ? 1 : 0;
        return new Wide(Math.multiplyHigh(a, b) - Math.multiplyHigh(c, d) - borrow, first - second);
    }

    static Wide max(Wide one, Wide two) {
        return one.compareTo(two) >= 0 ? one : two;
    }

    /// For numbers of at least 0.
    double toDouble() {
        double lower = low >= 0 ? (double) low : (double) (low >>> 1) * 2;
        return high * 2 * HALF + lower;
    }

    @Override
    public int compareTo(Wide other) {
        int byHigh = Long.compare(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }
}
