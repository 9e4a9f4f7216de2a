// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.util.Arrays;

/// A sparse vector of whole numbers: bucket -> amount. Addition is its only operation, so that merging is associative
/// and commutative and the result does not depend on order. Not safe for concurrent use.
public final class Counts {
    private static final int FREE = Integer.MIN_VALUE;

    private int[] buckets = newTable(8);
    private long[] amounts = new long[8];
    private int used;

    private static int[] newTable(int size) {
        int[] table = new int[size];
        Arrays.fill(table, FREE);
        return table;
    }

    /// Adds `amount` to `bucket`. Overflow is an error, never a wrong number.
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
            amounts[slot] = Math.addExact(amounts[slot], amount);
        }
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
                sum = Math.addExact(sum, amounts[slot]);
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
                add(other.buckets[slot], Math.multiplyExact(other.amounts[slot], (long) sign));
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
