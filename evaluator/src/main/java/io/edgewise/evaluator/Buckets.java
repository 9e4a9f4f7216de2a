// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Arrays;

/// Amounts by measure and bucket, and by slice.
///
/// Each bucket is a row of one hashed table: its name, which slices were added to, then a column per slice,
/// so that looking it up and adding for all slices stays within neighbours in memory. Names stay when
/// amounts are forgotten: the next records touch much the same buckets.
final class Buckets {
    private static final int FREE = 0;
    private static final int FIRST_ROWS = 128;
    private static final int FIRST_SLICES = 4;
    private static final int HEAD = 2;
    /// In a row's second word each slice that was added to has its bit. Slices beyond have the last bit together.
    private static final int LAST_BIT = Long.SIZE - 1;

    private long[] table;
    private int rows = FIRST_ROWS;
    private int slices;
    private int width;
    private int named;
    /// Rows that were added to, and their names.
    private int[] touched = new int[FIRST_ROWS / 2];
    private long[] touchedNames = new long[FIRST_ROWS / 2];
    private int touches;

    private boolean[] isUsed;
    private long[] lastAppendMs;

    /// With room for so many slices; it grows beyond.
    Buckets(int room) {
        slices = Math.max(FIRST_SLICES, room);
        width = HEAD + slices;
        table = new long[FIRST_ROWS * width];
        isUsed = new boolean[slices];
        lastAppendMs = new long[slices];
    }

    /// What one record says: at this place the slices, then as many additions ([Delta#copy(long[], int)]).
    void add(long[] words, int at, int count, int size, long appendMs) {
        long bits = 0;
        for (int s = at; s < at + count; s++) {
            int slice = (int) words[s];
            use(slice, appendMs);
            bits |= 1L << Math.min(slice, LAST_BIT);
        }
        int end = at + count + Delta.WORDS * size;
        for (int i = at + count; i < end; i += Delta.WORDS) {
            int column = row(words[i], bits) + HEAD;
            long amount = words[i + 1];
            for (int s = at; s < at + count; s++) {
                table[column + (int) words[s]] += amount;
            }
        }
    }

    private void use(int slice, long appendMs) {
        if (slice >= slices) {
            int wider = Math.max(slice + 1, slices + slices / 2);
            isUsed = Arrays.copyOf(isUsed, wider);
            lastAppendMs = Arrays.copyOf(lastAppendMs, wider);
            resize(rows, wider);
        }
        isUsed[slice] = true;
        lastAppendMs[slice] = Math.max(lastAppendMs[slice], appendMs);
    }

    /// Forgets all amounts.
    void empty() {
        for (int i = 0; i < touches; i++) {
            int row = touched[i];
            Arrays.fill(table, row + 1, row + width, 0);
        }
        touches = 0;
        Arrays.fill(isUsed, false);
        Arrays.fill(lastAppendMs, 0);
    }

    /// Buckets that have a row.
    int named() {
        return named;
    }

    /// How many rows were added to. The other methods take their numbers below this.
    int touches() {
        return touches;
    }

    /// Number in the [MeasureTable].
    int measure(int at) {
        return Delta.measure(touchedNames[at]);
    }

    int bucket(int at) {
        return Delta.bucket(touchedNames[at]);
    }

    /// The least slice from this one on that was added to there, or [#slices()]; beyond 63 slices all are named.
    int nextSlice(int at, int slice) {
        int from = Math.min(slice, LAST_BIT);
        long bits = table[touched[at] + 1] >>> from;
        return bits == 0 ? slices : Math.max(slice, from + Long.numberOfTrailingZeros(bits));
    }

    long amount(int at, int slice) {
        return table[touched[at] + HEAD + slice];
    }

    /// Slices have numbers below this.
    int slices() {
        return slices;
    }

    boolean isUsed(int slice) {
        return isUsed[slice];
    }

    long lastAppendMs(int slice) {
        return lastAppendMs[slice];
    }

    /// The row of a bucket, which is touched then in the slices of these bits.
    private int row(long name, long bits) {
        int at = place(name);
        while (true) {
            int row = at * width;
            long held = table[row];
            if (held == name) {
                if (table[row + 1] == 0) {
                    touch(row, name);
                }
                table[row + 1] |= bits;
                return row;
            }
            if (held == FREE) {
                return fresh(row, name, bits);
            }
            at = (at + 1) & (rows - 1);
        }
    }

    private int fresh(int row, long name, long bits) {
        if (named == rows / 2) {
            resize(rows * 2, slices);
            return row(name, bits);
        }
        named++;
        table[row] = name;
        table[row + 1] = bits;
        touch(row, name);
        return row;
    }

    private int place(long name) {
        return (int) ((name * 0x9E3779B97F4A7C15L) >>> 40) & (rows - 1);
    }

    private void resize(int moreRows, int moreSlices) {
        long[] old = table;
        int oldWidth = width;
        rows = moreRows;
        slices = moreSlices;
        width = HEAD + moreSlices;
        table = new long[Math.multiplyExact(moreRows, width)];
        touches = 0;
        for (int from = 0; from < old.length; from += oldWidth) {
            if (old[from] != FREE) {
                move(old, from, oldWidth);
            }
        }
    }

    private void move(long[] old, int from, int length) {
        int at = place(old[from]);
        while (table[at * width] != FREE) {
            at = (at + 1) & (rows - 1);
        }
        int row = at * width;
        System.arraycopy(old, from, table, row, length);
        if (old[from + 1] != 0) {
            touch(row, old[from]);
        }
    }

    private void touch(int row, long name) {
        if (touches == touched.length) {
            touched = Arrays.copyOf(touched, touches * 2);
            touchedNames = Arrays.copyOf(touchedNames, touches * 2);
        }
        touchedNames[touches] = name;
        touched[touches++] = row;
    }
}
