// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/// The canonical bytes of a tally: version 1, then measures by name, then buckets ascending as differences, all as
/// variable-length integers. Zeros are left out.
final class TallyCodec {
    private static final int VERSION = 1;

    private TallyCodec() {}

    static byte[] encode(SortedMap<String, Counts> measures) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.write(VERSION);
        for (Map.Entry<String, Counts> entry : measures.entrySet()) {
            int[] buckets = entry.getValue().buckets();
            if (buckets.length == 0) {
                continue;
            }
            byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
            unsigned(out, name.length);
            out.writeBytes(name);
            unsigned(out, buckets.length);
            long previous = 0;
            for (int bucket : buckets) {
                signed(out, bucket - previous);
                signed(out, entry.getValue().get(bucket));
                previous = bucket;
            }
        }
        return out.toByteArray();
    }

    static void decode(byte[] bytes, Tally into) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("tally of version " + version + "; this program reads " + VERSION);
            }
            while (in.hasRemaining()) {
                byte[] name = new byte[length(in)];
                in.get(name);
                Counts counts = into.of(new String(name, StandardCharsets.UTF_8));
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

    private static int length(ByteBuffer in) {
        long length = unsigned(in);
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("tally bytes are damaged at byte " + in.position());
        }
        return (int) length;
    }

    private static void signed(ByteArrayOutputStream out, long value) {
        unsigned(out, (value << 1) ^ (value >> 63));
    }

    private static long signed(ByteBuffer in) {
        long raw = unsigned(in);
        return (raw >>> 1) ^ -(raw & 1);
    }

    private static void unsigned(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
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
