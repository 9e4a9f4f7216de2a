// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Writes a tally's bytes straight from counts that are in order already: measures by name, buckets ascending, no
/// zeros.
/// What comes out is what {@link Tally#encode()} says of the same content.
///
/// Used again for the next tally after {@link #finish()}. Not safe for concurrent use.
public final class TallyWriter {
    private static final MeasureName NONE = MeasureName.of("");
    private static final int LONGEST_NUMBER = 10;
    private static final int SHORT_NUMBER_BITS = 28;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] out = new byte[256];
    private int size;
    /// Of the measure that is being written: its number of entries stands before them.
    private byte[] entries = new byte[256];
    private int entriesSize;
    private int count;
    private long previous;
    private MeasureName measure = NONE;

    public TallyWriter() {
        out[size++] = (byte) TallyCodec.VERSION;
    }

    /// What follows belongs to this measure.
    public void measure(MeasureName name) {
        close();
        measure = name;
    }

    public void add(int bucket, long amount) {
        if (entries.length - entriesSize < 2 * LONGEST_NUMBER) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entriesSize = put(entries, entriesSize, signed(bucket - previous));
        entriesSize = put(entries, entriesSize, signed(amount));
        previous = bucket;
        count++;
    }

    /// Whether nothing was added since the last [#finish()].
    public boolean isEmpty() {
        return count == 0 && size == 1;
    }

    public byte[] finish() {
        close();
        byte[] bytes = Arrays.copyOf(out, size);
        size = 1;
        return bytes;
    }

    private void close() {
        if (count > 0) {
            byte[] name = measure.spelled();
            room(3 * LONGEST_NUMBER + name.length + entriesSize);
            size = put(out, size, measure.number());
            if (measure.number() == 0) {
                size = put(out, size, name.length);
                append(name, name.length);
            }
            size = put(out, size, count);
            append(entries, entriesSize);
        }
        entriesSize = 0;
        count = 0;
        previous = 0;
    }

    private void append(byte[] from, int length) {
        System.arraycopy(from, 0, out, size, length);
        size += length;
    }

    private void room(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, Math.addExact(size, more)));
        }
    }

    private static long signed(long value) {
        return (value << 1) ^ (value >> 63);
    }

    /// Seven bits in a byte, the lowest first, and a sign at each byte but the last. Returns where the next number
    /// begins. Short numbers without a branch: nothing says how long the next one will be.
    private static int put(byte[] into, int at, long value) {
        if (value >>> SHORT_NUMBER_BITS != 0) {
            return putLong(into, at, value);
        }
        int bits = (int) value;
        int spread = bits & 0x7F | (bits & 0x3F80) << 1 | (bits & 0x1F_C000) << 2 | (bits & 0xFE0_0000) << 3;
        int length = (Integer.SIZE + 6 - Integer.numberOfLeadingZeros(bits | 1)) / 7;
        int signs = 0x8080_8080 & (1 << Byte.SIZE * (length - 1)) - 1;
        INTS.set(into, at, spread | signs);
        return at + length;
    }

    private static int putLong(byte[] into, int from, long value) {
        int at = from;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            into[at++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        into[at++] = (byte) rest;
        return at;
    }
}
