// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes a tally's bytes straight from counts that are in order already: measures by name, buckets ascending, no
/// zeros.
/// What comes out is what {@link Tally#encode()} says of the same content.
///
/// Used again for the next tally after {@link #finish()}. Not safe for concurrent use.
public final class TallyWriter {
    private final Bytes out = new Bytes();
    private final Bytes entries = new Bytes();
    private String measure = "";
    private int count;
    private long previous;

    public TallyWriter() {
        out.put(TallyCodec.VERSION);
    }

    /// What follows belongs to this measure.
    public void measure(String name) {
        close();
        measure = name;
    }

    public void add(int bucket, long amount) {
        entries.signed(bucket - previous);
        entries.signed(amount);
        previous = bucket;
        count++;
    }

    /// Whether nothing was added since the last [#finish()].
    public boolean isEmpty() {
        return count == 0 && out.size == 1;
    }

    public byte[] finish() {
        close();
        byte[] bytes = Arrays.copyOf(out.bytes, out.size);
        out.size = 1;
        return bytes;
    }

    private void close() {
        if (count > 0) {
            int number = MeasureNumbers.of(measure);
            out.unsigned(number);
            if (number == 0) {
                byte[] name = measure.getBytes(StandardCharsets.UTF_8);
                out.unsigned(name.length);
                out.put(name, name.length);
            }
            out.unsigned(count);
            out.put(entries.bytes, entries.size);
        }
        entries.size = 0;
        count = 0;
        previous = 0;
    }

    private static final class Bytes {
        private byte[] bytes = new byte[256];
        private int size;

        void put(int value) {
            room(1);
            bytes[size++] = (byte) value;
        }

        void put(byte[] from, int length) {
            room(length);
            System.arraycopy(from, 0, bytes, size, length);
            size += length;
        }

        void signed(long value) {
            unsigned((value << 1) ^ (value >> 63));
        }

        void unsigned(long value) {
            room(10);
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            bytes[size++] = (byte) rest;
        }

        private void room(int more) {
            if (bytes.length - size < more) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }
    }
}
