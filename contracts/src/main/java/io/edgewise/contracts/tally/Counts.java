// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.util.Arrays;

/// A sparse vector of whole numbers: bucket -> amount. Addition is its only operation, so that merging is associative
/// and commutative and the result does not depend on order. Not safe for concurrent use.
///
/// An amount that would leave 64 bits is [#FULL] from then on: "so much or more". Adding to it or subtracting from it
/// leaves it full, so that one sum out of bounds stops nobody who adds up many, and a difference of two is never too
/// small. Amounts of less than `-FULL` become `-FULL`; nothing that is counted is negative.
public final class Counts {
    /// The largest amount. Whoever divides by or into it says "at least", or nothing.
    public static final long FULL = Long.MAX_VALUE;

    private static final int FREE = Integer.MIN_VALUE;

    private int[] buckets = newTable(8);
    private long[] amounts = new long[8];
    private int used;

    private static int[] newTable(int size) {
        int[] table = new int[size];
        Arrays.fill(table, FREE);
        return table;
    }

    /// Adds `amount` to `bucket`, which is [#FULL] where the sum has no room.
    public void add(int bucket, long amount) {
        if (bucket == FREE) {
            throw new IllegalArgumentException("bucket " + bucket + " is reserved");
        }
        int slot = slotOf(bucket);
        if (buckets[slot] == FREE) {
            buckets[slot] = bucket;
            amounts[slot] = amount;
            used++;
            if (used * 2 > buckets.length) {
                grow();
            }
        } else {
            amounts[slot] = plus(amounts[slot], amount);
        }
    }

    /// The sum of two amounts, which may be [#FULL].
    public static long plus(long held, long more) {
        if (held == FULL || more == FULL) {
            return FULL;
        }
        long sum = held + more;
        boolean isOver = ((held ^ sum) & (more ^ sum)) < 0;
        return isOver ? held < 0 ? -FULL : FULL : sum;
    }

    /// How many buckets are [#FULL].
    public int full() {
        int full = 0;
        for (long amount : amounts) {
            full += amount == FULL ? 1 : 0;
        }
        return full;
    }

    /// How many buckets were ever added to.
    public int size() {
        return used;
    }

    public boolean holds(int bucket) {
        return buckets[slotOf(bucket)] == bucket;
    }

    public long get(int bucket) {
        int slot = slotOf(bucket);
        return buckets[slot] == bucket ? amounts[slot] : 0;
    }

    public long sum() {
        long sum = 0;
        for (int slot = 0; slot < buckets.length; slot++) {
            if (buckets[slot] != FREE) {
                sum = plus(sum, amounts[slot]);
            }
        }
        return sum;
    }

    /// The buckets whose amount is not zero, ascending.
    public int[] buckets() {
        int[] live = new int[used];
        int n = 0;
        for (int slot = 0; slot < buckets.length; slot++) {
            if (buckets[slot] != FREE && amounts[slot] != 0) {
                live[n++] = buckets[slot];
            }
        }
        int[] sorted = Arrays.copyOf(live, n);
        Arrays.sort(sorted);
        return sorted;
    }

    public boolean isZero() {
        for (int slot = 0; slot < buckets.length; slot++) {
            if (buckets[slot] != FREE && amounts[slot] != 0) {
                return false;
            }
        }
        return true;
    }

    void addAll(Counts other, int sign) {
        for (int slot = 0; slot < other.buckets.length; slot++) {
            if (other.buckets[slot] != FREE) {
                long amount = other.amounts[slot];
                add(other.buckets[slot], sign < 0 ? -Math.max(amount, -FULL) : amount);
            }
        }
    }

    private int slotOf(int bucket) {
        int mask = buckets.length - 1;
        int slot = ((bucket * 0x9E3779B9) >>> 7) & mask;
        while (buckets[slot] != FREE && buckets[slot] != bucket) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int[] oldBuckets = buckets;
        long[] oldAmounts = amounts;
        buckets = newTable(oldBuckets.length * 2);
        amounts = new long[oldBuckets.length * 2];
        for (int i = 0; i < oldBuckets.length; i++) {
            if (oldBuckets[i] != FREE) {
                int slot = slotOf(oldBuckets[i]);
                buckets[slot] = oldBuckets[i];
                amounts[slot] = oldAmounts[i];
            }
        }
    }
}
