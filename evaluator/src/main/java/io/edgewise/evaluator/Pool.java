// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the records of one stratum and one minute add, by slice, since the last flush.
///
/// A record touches some thirty buckets in each of its slices. Their places are looked up once; every slice then adds
/// to plain arrays. Emptied at each flush and used again: the next records touch much the same buckets, whose places
/// are known then.
final class Pool {
    private static final long FREE = -1;
    private static final int FIRST_SLOTS = 64;
    /// A place that few additions find is cheaper to look up anew than to keep for every slice.
    private static final int FEWEST_ADDITIONS_PER_PLACE = 4;

    /// One slice's amounts by slot, which of them are not zero, and when its last observation was appended.
    static final class Share {
        private long[] amounts = new long[FIRST_SLOTS];
        private int[] touched = new int[FIRST_SLOTS];
        private int touches;
        private long lastAppendMs;
        private boolean used;

        long amount(int slot) {
            return slot < amounts.length ? amounts[slot] : 0;
        }

        /// How many places [#touched(int)] has.
        int touches() {
            return touches;
        }

        /// A slot that was added to; one whose amounts came to zero in between stands here twice.
        int touched(int at) {
            return touched[at];
        }

        private void add(int slot, long amount) {
            long before = amounts[slot];
            amounts[slot] = before + amount;
            if (before == 0 && amount != 0) {
                if (touches == touched.length) {
                    touched = Arrays.copyOf(touched, touches * 2);
                }
                touched[touches++] = slot;
            }
        }

        private void empty() {
            for (int i = 0; i < touches; i++) {
                amounts[touched[i]] = 0;
            }
            touches = 0;
            lastAppendMs = 0;
            used = false;
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
    private long additions;
    private @Nullable UniformSample disagreements;

    private static long[] table(int size) {
        long[] table = new long[size];
        Arrays.fill(table, FREE);
        return table;
    }

    /// Adds the record to these slices. `appendMs` is 0 for what says nothing about devices still reporting.
    void add(Delta delta, int[] slices, int count, long appendMs) {
        int size = delta.size();
        additions += size;
        if (found.length < size) {
            found = new int[size * 2];
        }
        for (int i = 0; i < size; i++) {
            found[i] = slot(delta.measure(i), delta.bucket(i));
        }
        for (int s = 0; s < count; s++) {
            Share share = share(slices[s]);
            if (share.amounts.length < slots) {
                share.amounts = Arrays.copyOf(share.amounts, slots + slots / 4);
            }
            for (int i = 0; i < size; i++) {
                share.add(found[i], delta.amount(i));
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

    /// Forgets all amounts. False when a new pool is cheaper than this one.
    boolean empty() {
        boolean isWorthKeeping = additions >= (long) slots * FEWEST_ADDITIONS_PER_PLACE;
        additions = 0;
        disagreements = null;
        for (Share share : shares) {
            if (share.used) {
                share.empty();
            }
        }
        return isWorthKeeping;
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

    private static long key(int measure, int bucket) {
        return (long) measure << 32 | bucket & 0xFFFF_FFFFL;
    }

    private int slot(int measure, int bucket) {
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
