// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// The different values of a column, numbered in order of appearance. Looked up as bytes: a text is made once
/// for each value, not for each row.
public final class Labels {
    public static final int ANY_NUMBER = Integer.MAX_VALUE;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int FIRST_SLOTS = 64;

    private final int most;
    private int[] slots = new int[FIRST_SLOTS];
    private int[] hashes = new int[FIRST_SLOTS / 2];
    private int[] offsets = new int[FIRST_SLOTS / 2 + 1];
    private byte[] arena = new byte[1 << 10];
    private int size;

    /// @param most beyond it, a file is refused
    public Labels(int most) {
        this.most = most;
    }

    public int size() {
        return size;
    }

    public String text(int id) {
        return new String(arena, offsets[id], offsets[id + 1] - offsets[id], StandardCharsets.UTF_8);
    }

    /// The number of the row's value in this column.
    ///
    /// @param advice what to do where there are too many
    public int id(Rows rows, int column, String advice) {
        int from = rows.start(column);
        int to = rows.end(column);
        byte[] bytes = rows.bytes();
        int hash = hash(bytes, from, to);
        int slot = slot(bytes, from, to, hash);
        if (slots[slot] > 0) {
            return slots[slot] - 1;
        }
        if (size >= most) {
            throw rows.bad(
                    column,
                    String.format(
                            Locale.ROOT, "%s is the %,dth different value. %s", rows.shown(column), size + 1, advice));
        }
        try {
            Rows.utf8(bytes, from, to);
        } catch (CharacterCodingException e) {
            throw rows.notUtf8(column);
        }
        return add(bytes, from, to, hash, slot);
    }

    /// The number of a value.
    public int id(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int hash = hash(bytes, 0, bytes.length);
        int slot = slot(bytes, 0, bytes.length, hash);
        return slots[slot] > 0 ? slots[slot] - 1 : add(bytes, 0, bytes.length, hash, slot);
    }

    /// The number of a value, or -1.
    int find(byte[] bytes, int from, int to) {
        return slots[slot(bytes, from, to, hash(bytes, from, to))] - 1;
    }

    private int slot(byte[] bytes, int from, int to, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] > 0) {
            int id = slots[slot] - 1;
            if (hashes[id] == hash && Arrays.equals(arena, offsets[id], offsets[id + 1], bytes, from, to)) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int add(byte[] bytes, int from, int to, int hash, int slot) {
        int id = size++;
        int at = offsets[id];
        if (at + to - from > arena.length) {
            arena = Arrays.copyOf(arena, Math.max(at + to - from, 2 * arena.length));
        }
        System.arraycopy(bytes, from, arena, at, to - from);
        offsets[id + 1] = at + to - from;
        hashes[id] = hash;
        slots[slot] = size;
        if (2 * size >= slots.length) {
            grow();
        }
        return id;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        hashes = Arrays.copyOf(hashes, slots.length / 2);
        offsets = Arrays.copyOf(offsets, slots.length / 2 + 1);
        int mask = slots.length - 1;
        for (int id = 0; id < size; id++) {
            int slot = hashes[id] & mask;
            while (slots[slot] > 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = id + 1;
        }
    }

    private static int hash(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int at = from;
        while (to - at >= Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(bytes, at)) * MIX;
            hash ^= hash >>> 32;
            at += Long.BYTES;
        }
        if (at < to) {
            hash = (hash ^ rest(bytes, at, to)) * MIX;
        }
        return (int) (hash >>> 32);
    }

    /// Fewer than eight bytes, the first in the lowest.
    private static long rest(byte[] bytes, int from, int to) {
        if (from + Long.BYTES <= bytes.length) {
            return (long) LONGS.get(bytes, from) & (1L << Byte.SIZE * (to - from)) - 1;
        }
        long rest = 0;
        for (int at = to - 1; at >= from; at--) {
            rest = rest << Byte.SIZE | bytes[at] & 0xff;
        }
        return rest;
    }
}
