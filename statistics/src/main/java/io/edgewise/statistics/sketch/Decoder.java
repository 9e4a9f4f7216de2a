// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads what [Encoder] writes, and nothing else: another spelling of the same value is refused.
final class Decoder {
    /// Squares of doubles, summed 2^63 times, have fewer than 4,300 bits.
    private static final int LONGEST_INTEGER = 540;

    private final Kind kind;
    private final byte[] bytes;
    private int at = 2;

    Decoder(Kind kind, byte[] bytes) {
        this.kind = kind;
        this.bytes = bytes;
        Kind found = Kind.of(bytes);
        if (found != kind) {
            throw kind.fault("the bytes hold a " + found.title + "; decode them as that.");
        }
        if (bytes.length < 2) {
            throw truncated(1);
        }
        if (bytes[1] != kind.version) {
            throw kind.fault("version " + (bytes[1] & 0xff) + " is unknown, this release reads version " + kind.version
                    + ". Was it written by a newer release?");
        }
    }

    IllegalArgumentException fault(String what) {
        return kind.fault(what + " (byte " + at + " of " + bytes.length + "). Are the bytes damaged?");
    }

    long count() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
            int next = next();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    throw fault("a number has a superfluous last byte");
                }
                return value;
            }
        }
        throw fault("a number has more than 63 bits");
    }

    /// A count of things to follow, each of at least this many bytes.
    int size(int bytesEach) {
        long size = count();
        int rest = bytes.length - at;
        if (size > rest / bytesEach) {
            throw fault(size + " entries are announced but only " + rest + " bytes follow");
        }
        return (int) size;
    }

    /// A count of at most this.
    int atMost(int largest, String what) {
        long value = count();
        if (value > largest) {
            throw fault(what + " " + value + " is beyond " + largest);
        }
        return (int) value;
    }

    int signed() {
        long value = count();
        if (value > 0xffffffffL) {
            throw fault("a number has more than 32 bits");
        }
        return (int) (value >>> 1) ^ -(int) (value & 1);
    }

    double real() {
        double value = ByteBuffer.wrap(take(Double.BYTES)).getDouble();
        if (!Double.isFinite(value) || Double.doubleToRawLongBits(value) == Long.MIN_VALUE) {
            throw fault("value " + value + " where a finite one without negative zero is written");
        }
        return value;
    }

    String text() {
        byte[] utf8 = take(size(1));
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(fault("a label is not UTF-8").getMessage(), e);
        }
    }

    BigInteger integer() {
        int sign = atMost(2, "sign");
        if (sign == 0) {
            return BigInteger.ZERO;
        }
        int zeros = atMost(LONGEST_INTEGER, "zero bytes");
        byte[] magnitude = take(atMost(LONGEST_INTEGER, "length"));
        if (magnitude.length == 0 || magnitude[0] == 0 || magnitude[magnitude.length - 1] == 0) {
            throw fault("an integer is not written in its shortest form");
        }
        return new BigInteger(sign == 1 ? 1 : -1, magnitude).shiftLeft(zeros * Byte.SIZE);
    }

    byte[] rest() {
        return take(bytes.length - at);
    }

    void end() {
        if (at < bytes.length) {
            throw fault(bytes.length - at + " bytes follow behind the end");
        }
    }

    private byte[] take(int length) {
        if (length > bytes.length - at) {
            throw truncated(length - (bytes.length - at));
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    private int next() {
        if (at >= bytes.length) {
            throw truncated(1);
        }
        return bytes[at++] & 0xff;
    }

    private IllegalArgumentException truncated(int missing) {
        return kind.fault("the bytes end after " + bytes.length + ", at least " + missing
                + " more must follow. Were they cut off?");
    }
}
