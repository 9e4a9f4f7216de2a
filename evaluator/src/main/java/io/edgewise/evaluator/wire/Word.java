// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.Ulid;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A short text that many records repeat, with what validation wants to know of it found out once.
public final class Word {
    /// The empty text: also what an absent field holds.
    public static final Word EMPTY = new Word(new byte[0], 0);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long SIXTIES = 0x6060_6060_6060_6060L;

    private final byte[] bytes;
    private final int hash;
    private final String text;
    private final boolean ascii;
    private final boolean name;
    private final boolean ulid;
    private int labelBucket = -1;

    Word(byte[] bytes, int hash) {
        this.bytes = bytes;
        this.hash = hash;
        this.text = new String(bytes, StandardCharsets.UTF_8);
        this.ascii = isPrintable(bytes, 0, bytes.length);
        this.name = Names.isValid(text);
        this.ulid = Ulid.isValid(text);
    }

    public String text() {
        return text;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /// Printable ASCII of at most so many characters: certainly sound. Other texts need a closer look.
    boolean isPlain(int longest) {
        return ascii && bytes.length <= longest;
    }

    boolean isName() {
        return name;
    }

    boolean isUlid() {
        return ulid;
    }

    /// [LabelHash#bucket] of the text.
    public int labelBucket() {
        if (labelBucket < 0) {
            labelBucket = LabelHash.bucket(text);
        }
        return labelBucket;
    }

    boolean holds(byte[] from, int offset, int length, int itsHash) {
        return hash == itsHash && Arrays.equals(bytes, 0, bytes.length, from, offset, offset + length);
    }

    /// Eight bytes at a time: none below 0x20, none above 0x7e.
    static boolean isPrintable(byte[] from, int offset, int length) {
        int at = offset;
        int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long eight = (long) LONGS.get(from, at);
            // Below 0x80, adding one carries into the high bit at 0x7f only, and 0x60 does from 0x20 upwards.
            if (((eight | eight + ONES | ~(eight + SIXTIES)) & HIGHS) != 0) {
                return false;
            }
        }
        for (; at < end; at++) {
            if (from[at] < 0x20 || from[at] == 0x7f) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof Word that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return text;
    }
}
