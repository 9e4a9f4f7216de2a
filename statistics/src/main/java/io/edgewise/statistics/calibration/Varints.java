// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import java.io.ByteArrayOutputStream;

/// Non-negative longs in base 128, lowest digits first, behind a byte of kind and one of version. One
/// number has one form, so equal numbers are equal bytes.
final class Varints {
    private static final int DIGIT_BITS = 7;
    private static final int DIGIT = 0x7f;
    private static final int MORE = 0x80;
    private static final int LONGEST = 9;

    private Varints() {}

    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer(byte kind, byte version) {
            out.write(kind);
            out.write(version);
        }

        void put(long value) {
            long rest = value;
            while (rest > DIGIT) {
                out.write((int) (rest & DIGIT) | MORE);
                rest >>>= DIGIT_BITS;
            }
            out.write((int) rest);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    static final class Reader {
        private final String what;
        private final byte[] bytes;
        private int at = 2;

        Reader(String what, byte[] bytes, byte kind, byte version) {
            this.what = what;
            this.bytes = bytes.clone();
            if (bytes.length < 2 || bytes[0] != kind) {
                throw new IllegalArgumentException(what + ": these " + bytes.length + " bytes do not begin with kind "
                        + kind + "; they are not an encoded " + what + ".");
            }
            if (bytes[1] != version) {
                throw new IllegalArgumentException(what + ": version " + bytes[1] + " is not known here (" + version
                        + " is); decode with the release that wrote it or a later one.");
            }
        }

        long next() {
            long value = 0;
            for (int digits = 0; digits < LONGEST; digits++) {
                if (at >= bytes.length) {
                    throw broken("it ends within a number");
                }
                int digit = bytes[at++];
                value |= (long) (digit & DIGIT) << (DIGIT_BITS * digits);
                if ((digit & MORE) == 0) {
                    if (digit == 0 && digits > 0) {
                        throw broken("a number has leading zeros");
                    }
                    return value;
                }
            }
            throw broken("a number is too long");
        }

        void end() {
            if (at != bytes.length) {
                throw broken(bytes.length - at + " bytes follow its end");
            }
        }

        IllegalArgumentException broken(String why) {
            return new IllegalArgumentException(what + ": broken at byte " + at + " of " + bytes.length + ": " + why
                    + ". The bytes were cut or changed; take them from their source again.");
        }
    }
}
