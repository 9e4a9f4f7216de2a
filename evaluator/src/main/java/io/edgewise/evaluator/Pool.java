// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the records of one stratum and one minute add, by slice, since the last flush.
///
/// A record touches some thirty buckets in each of its slices. Their places are looked up once; every slice then adds
/// to plain arrays. Emptied at each flush, so that its size follows the records of one flush.
final class Pool {
    private static final long FREE = -1;
    private static final int FIRST_SLOTS = 64;

    /// One slice's amounts by slot, and when its last observation was appended.
    static final class Share {
        private long[] amounts = new long[FIRST_SLOTS];
        private long lastAppendMs;
        private boolean used;

        long amount(int slot) {
            return slot < amounts.length ? amounts[slot] : 0;
        }

        long lastAppendMs() {
            return lastAppendMs;
        }

        boolean isUsed() {
            return used;
        }
    }

    private long[] table = table(FIRST_SLOTS * 2);
    private int[] slotAt = new int[FIRST_SLOTS * 2];
    private long[] keys = new long[FIRST_SLOTS];
    private int slots;
    private Share[] shares = new Share[0];
    private int[] found = new int[64];
    private @Nullable UniformSample disagreements;

    private static long[] table(int size) {
        long[] table = new long[size];
        Arrays.fill(table, FREE);
        return table;
    }

    /// Adds the record to these slices. `appendMs` is 0 for what says nothing about devices still reporting.
    void add(Delta delta, int[] slices, int count, long appendMs) {
        int size = delta.size();
        if (found.length < size) {
            found = new int[size * 2];
        }
        for (int i = 0; i < size; i++) {
            found[i] = slot(delta.measure(i), delta.bucket(i));
        }
        for (int s = 0; s < count; s++) {
            Share share = share(slices[s]);
            long[] amounts = share.amounts;
            if (amounts.length < slots) {
                amounts = Arrays.copyOf(amounts, keys.length);
                share.amounts = amounts;
            }
            for (int i = 0; i < size; i++) {
                amounts[found[i]] += delta.amount(i);
            }
            share.used = true;
            share.lastAppendMs = Math.max(share.lastAppendMs, appendMs);
        }
    }

    /// Where the window's disagreements are sampled, once one was found here.
    @Nullable
    UniformSample disagreements() {
        return disagreements;
    }

    void disagreements(UniformSample of) {
        disagreements = of;
    }

    int slots() {
        return slots;
    }

    int measure(int slot) {
        return (int) (keys[slot] >>> 32);
    }

    int bucket(int slot) {
        return (int) keys[slot];
    }

    int shares() {
        return shares.length;
    }

    Share share(int slice) {
        if (slice >= shares.length) {
            int held = shares.length;
            shares = Arrays.copyOf(shares, Math.max(slice + 1, held * 2));
            for (int i = held; i < shares.length; i++) {
                shares[i] = new Share();
            }
        }
        return shares[slice];
    }

    static long key(int measure, int bucket) {
        return (long) measure << 32 | bucket & 0xFFFF_FFFFL;
    }

    /// Where this bucket is counted, in all shares.
    int slot(int measure, int bucket) {
        long key = key(measure, bucket);
        int mask = table.length - 1;
        int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
        while (table[at] != key) {
            if (table[at] == FREE) {
                return fresh(key, at);
            }
            at = (at + 1) & mask;
        }
        return slotAt[at];
    }

    private int fresh(long key, int at) {
        if (slots == keys.length) {
            grow();
            return slot((int) (key >>> 32), (int) key);
        }
        table[at] = key;
        slotAt[at] = slots;
        keys[slots] = key;
        return slots++;
    }

    private void grow() {
        keys = Arrays.copyOf(keys, keys.length * 2);
        table = table(keys.length * 2);
        slotAt = new int[table.length];
        int mask = table.length - 1;
        for (int slot = 0; slot < slots; slot++) {
            int at = (int) ((keys[slot] * 0x9E3779B97F4A7C15L) >>> 40) & mask;
            while (table[at] != FREE) {
                at = (at + 1) & mask;
            }
            table[at] = keys[slot];
            slotAt[at] = slot;
        }
    }
}
