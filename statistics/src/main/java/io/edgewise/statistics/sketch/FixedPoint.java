// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.math.BigInteger;

/// An integer wide enough for any sum of doubles in units of the smallest one: the small superaccumulator
/// of Neal, "Fast exact summation using small and large superaccumulators" (arXiv 1505.05571).
///
/// Chunks of 32 bits overlap in longs, so that a carry is due only once in 2^30 additions.
final class FixedPoint {
    /// Doubles are multiples of 2^-1074, their squares of 2^-2148.
    static final int UNIT = -1074;

    /// Chunks that hold 2^63 doubles, or 2^63 squares, of any size.
    static final int DOUBLES = 67;

    static final int SQUARES = 135;

    private static final long MASK = 0xffffffffL;
    private static final long HIDDEN = 1L << 52;
    private static final int MOST_PENDING = 1 << 30;

    /// Bits kept before rounding; more than 53 + 2, so that the last one can say "and something behind".
    private static final int KEPT = 60;

    private final long[] chunks;
    private int pending;

    FixedPoint(int chunks) {
        this.chunks = new long[chunks];
    }

    private FixedPoint(long[] chunks, int pending) {
        this.chunks = chunks;
        this.pending = pending;
    }

    static FixedPoint of(BigInteger value, int chunks) {
        FixedPoint number = new FixedPoint(chunks);
        int last = chunks - 1;
        for (int i = 0; i < last; i++) {
            number.chunks[i] = value.shiftRight(Integer.SIZE * i).intValue() & MASK;
        }
        number.chunks[last] = value.shiftRight(Integer.SIZE * last).longValueExact();
        return number;
    }

    /// Significand of a finite double without its sign: value = significand · 2^(shift - 1074).
    static long significand(double finite) {
        long bits = Double.doubleToRawLongBits(finite);
        long fraction = bits & HIDDEN - 1;
        return exponent(bits) == 0 ? fraction : fraction | HIDDEN;
    }

    static int shift(double finite) {
        return Math.max(exponent(Double.doubleToRawLongBits(finite)) - 1, 0);
    }

    private static int exponent(long bits) {
        return (int) (bits >>> 52) & 0x7ff;
    }

    /// A finite double in units of 2^-1074.
    static BigInteger exact(double finite) {
        BigInteger magnitude = BigInteger.valueOf(significand(finite)).shiftLeft(shift(finite));
        return finite < 0 ? magnitude.negate() : magnitude;
    }

    /// Adds a finite double in units of 2^-1074.
    void add(double finite) {
        add(significand(finite), shift(finite), Double.doubleToRawLongBits(finite) >> 63);
    }

    /// Adds the square of a finite double in units of 2^-2148.
    void addSquare(double finite) {
        long m = significand(finite);
        int shift = 2 * shift(finite);
        long low = m * m;
        long high = Math.multiplyHigh(m, m);
        add(low & HIDDEN - 1, shift, 0);
        add(low >>> 52 | high << 12, shift + 52, 0);
    }

    /// Adds `bits · 2^shift`, below 2^54 before the shift; negative where the sign is -1 and not 0.
    private void add(long bits, int shift, long sign) {
        if (++pending > MOST_PENDING) {
            carry();
        }
        int chunk = shift >> 5;
        int offset = shift & 31;
        long low = bits << offset & MASK;
        long middle = bits >>> Integer.SIZE - offset & MASK;
        long high = bits >>> 1 >>> 63 - offset;
        chunks[chunk] += (low ^ sign) - sign;
        chunks[chunk + 1] += (middle ^ sign) - sign;
        chunks[chunk + 2] += (high ^ sign) - sign;
    }

    void add(FixedPoint other) {
        FixedPoint carried = other.copy();
        carried.carry();
        carry();
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] += carried.chunks[i];
        }
        pending = 1;
    }

    FixedPoint copy() {
        return new FixedPoint(chunks.clone(), pending);
    }

    BigInteger value() {
        FixedPoint carried = copy();
        carried.carry();
        int last = chunks.length - 1;
        BigInteger value = BigInteger.valueOf(carried.chunks[last]);
        for (int i = last - 1; i >= 0; i--) {
            value = value.shiftLeft(Integer.SIZE).add(BigInteger.valueOf(carried.chunks[i]));
        }
        return value;
    }

    /// Leaves 32 bits in every chunk but the last, which carries the sign.
    private void carry() {
        long carry = 0;
        int last = chunks.length - 1;
        for (int i = 0; i < last; i++) {
            long whole = chunks[i] + carry;
            chunks[i] = whole & MASK;
            carry = whole >> Integer.SIZE;
        }
        chunks[last] += carry;
        pending = 0;
    }

    /// The double nearest to numerator / denominator · 2^exponent, ties to even; infinite beyond the
    /// largest double.
    static double nearest(BigInteger numerator, BigInteger denominator, int exponent) {
        if (numerator.signum() == 0) {
            return 0;
        }
        BigInteger over = numerator.abs();
        int places = KEPT - (over.bitLength() - denominator.bitLength());
        BigInteger[] parts =
                over.shiftLeft(Math.max(places, 0)).divideAndRemainder(denominator.shiftLeft(Math.max(-places, 0)));
        long kept = parts[0].longValueExact() | (parts[1].signum() == 0 ? 0 : 1);
        int unit = exponent - places;
        int drop = Math.max(Long.SIZE - Long.numberOfLeadingZeros(kept) - 53, UNIT - unit);
        if (drop >= Long.SIZE - 1) {
            return numerator.signum() < 0 ? -0.0 : 0;
        }
        long rounded = kept >> drop;
        long dropped = kept - (rounded << drop);
        long half = 1L << drop - 1;
        if (dropped > half || dropped == half && (rounded & 1) == 1) {
            rounded++;
        }
        double magnitude = StrictMath.scalb((double) rounded, unit + drop);
        return numerator.signum() < 0 ? -magnitude : magnitude;
    }
}
