// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/// The canonical bytes of a tally: version 2, then measures by name, then buckets ascending as differences, all as
/// variable-length integers. Zeros are left out. A measure is its number ({@link MeasureNumbers}), or 0 and its name.
/// Version 1, which is read too, spelled every name. An amount is at most 2^63 - 1, which means "so much or more"
/// ({@link Counts#FULL}).
final class TallyCodec {
    static final int VERSION = 2;
    private static final int SPELLED = 1;

    private TallyCodec() {}

    static byte[] encode(SortedMap<String, Counts> measures) {
        TallyWriter writer = new TallyWriter();
        for (Map.Entry<String, Counts> entry : measures.entrySet()) {
            writer.measure(MeasureName.of(entry.getKey()));
            for (int bucket : entry.getValue().buckets()) {
                writer.add(bucket, entry.getValue().get(bucket));
            }
        }
        return writer.finish();
    }

    static void decode(byte[] bytes, Tally into) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int version = in.get();
            if (version != VERSION && version != SPELLED) {
                throw new IllegalArgumentException("tally of version " + version + "; this program reads " + VERSION);
            }
            while (in.hasRemaining()) {
                Counts counts = into.of(name(in, version));
                int entries = length(in);
                long bucket = 0;
                for (int i = 0; i < entries; i++) {
                    bucket += signed(in);
                    counts.add(Math.toIntExact(bucket), signed(in));
                }
            }
        } catch (java.nio.BufferUnderflowException | ArithmeticException e) {
            throw new IllegalArgumentException("tally bytes are damaged at byte " + in.position(), e);
        }
    }

    private static String name(ByteBuffer in, int version) {
        long number = version == SPELLED ? 0 : unsigned(in);
        if (number == 0) {
            byte[] name = new byte[length(in)];
            in.get(name);
            return new String(name, StandardCharsets.UTF_8);
        }
        String name = MeasureNumbers.name(number);
        if (name == null) {
            throw new IllegalArgumentException("tally with measure number " + number + " at byte " + in.position()
                    + ", which this program does not know; was it written by a newer one, or damaged?");
        }
        return name;
    }

    private static int length(ByteBuffer in) {
        long length = unsigned(in);
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("tally bytes are damaged at byte " + in.position());
        }
        return (int) length;
    }

    private static long signed(ByteBuffer in) {
        long raw = unsigned(in);
        return (raw >>> 1) ^ -(raw & 1);
    }

    private static long unsigned(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("tally bytes are damaged at byte " + in.position());
    }
}
