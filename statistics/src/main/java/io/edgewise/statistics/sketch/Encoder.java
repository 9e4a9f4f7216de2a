// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Writes one encoding: kind byte, version byte, then fields. There is one way to write each value.
final class Encoder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Encoder(Kind kind) {
        out.write(kind.code);
        out.write(kind.version);
    }

    /// Seven bits a byte, low ones first, the high bit says that more follow.
    Encoder count(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    /// 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
    Encoder signed(int value) {
        return count((value << 1 ^ value >> 31) & 0xffffffffL);
    }

    Encoder real(double value) {
        long bits = Double.doubleToLongBits(value);
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (bits >>> shift));
        }
        return this;
    }

    Encoder text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return count(utf8.length).raw(utf8);
    }

    /// Sign (0 zero, 1 positive, 2 negative), zero bytes at the low end, length, then the bytes between.
    Encoder integer(BigInteger value) {
        if (value.signum() == 0) {
            return count(0);
        }
        BigInteger magnitude = value.abs();
        int zeros = magnitude.getLowestSetBit() / Byte.SIZE;
        byte[] bytes = magnitude.shiftRight(zeros * Byte.SIZE).toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        count(value.signum() > 0 ? 1 : 2).count(zeros).count(bytes.length - from);
        out.write(bytes, from, bytes.length - from);
        return this;
    }

    Encoder raw(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
