// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import com.google.protobuf.WireFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The primitives of the protobuf encoding over a byte array. Damage is remembered, not thrown: reading then ends.
final class WireInput {
    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LAST_SHIFT = 63;
    private static final byte[] NOTHING = new byte[0];

    private byte[] in = NOTHING;
    private int at;
    private int end;
    private boolean damaged;

    void over(byte[] bytes) {
        in = bytes;
        at = 0;
        end = bytes.length;
        damaged = false;
    }

    boolean isDamaged() {
        return damaged;
    }

    void damage() {
        damaged = true;
        at = end;
    }

    boolean hasMore() {
        return at < end;
    }

    byte[] bytes() {
        return in;
    }

    /// Where the next byte is.
    int position() {
        return at;
    }

    /// Enters a nested message; the returned end is for [#leave].
    int enter() {
        int length = length();
        int outer = end;
        end = at + length;
        return outer;
    }

    void leave(int outer) {
        at = damaged ? outer : end;
        end = outer;
    }

    /// The length of what follows; 0 when it does not fit.
    int length() {
        long length = varint();
        if (length < 0 || length > end - at) {
            damage();
            return 0;
        }
        return (int) length;
    }

    void skip(int length) {
        at += length;
    }

    int tag() {
        if (at < end) {
            byte first = in[at];
            if (first > 7) {
                at++;
                return first;
            }
        }
        long tag = varint();
        if (tag < 8 || tag > 0xFFFF_FFFFL) {
            damage();
            return 0;
        }
        return (int) tag;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                damage();
                return 0;
            }
            byte next = in[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                // Ten bytes that hold less than 64 bits: protobuf's own readers do not agree on what that is.
                return shift < LAST_SHIFT || next == 1 ? value : refused();
            }
        }
        return refused();
    }

    private long refused() {
        damage();
        return 0;
    }

    long fixed64() {
        if (end - at < Long.BYTES) {
            damage();
            return 0;
        }
        long value = (long) LITTLE_ENDIAN.get(in, at);
        at += Long.BYTES;
        return value;
    }

    /// Skips a field that is not wanted. Groups are not of this schema: they count as damage.
    void skipField(int tag) {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED64 -> fixed64();
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> skip(length());
            case WireFormat.WIRETYPE_FIXED32 -> {
                if (end - at < Integer.BYTES) {
                    damage();
                } else {
                    at += Integer.BYTES;
                }
            }
            default -> damage();
        }
    }
}
