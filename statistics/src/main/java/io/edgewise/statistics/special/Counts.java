// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.special;

/// Sums and products of counts that never wrap around: what a long does not hold is an ArithmeticException that
/// says which counts, since no counting comes to 9 · 10¹⁸ and a damaged count must not become a figure.
public final class Counts {
    private Counts() {}

    /// a + b of two counts.
    public static long add(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            throw new ArithmeticException("Counts " + a + " and " + b + " add up to more than " + Long.MAX_VALUE
                    + ", which cannot come from counting; look for a count that is damaged or added twice.");
        }
        return sum;
    }

    /// a · b, such as a count of groups times their size.
    public static long times(long a, long b) {
        long product = a * b;
        if (Math.multiplyHigh(a, b) != product >> 63) {
            throw new ArithmeticException("Counts " + a + " times " + b + " are more than " + Long.MAX_VALUE
                    + ", too many to compute with; look for a damaged count, or count fewer observations at a time.");
        }
        return product;
    }
}
