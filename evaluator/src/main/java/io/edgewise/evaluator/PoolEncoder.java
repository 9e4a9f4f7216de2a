// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.TallyWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// A pool's amounts as the bytes of tallies: of each slice only the places that were added to, put in order as numbers
/// that hold rank of the measure, bucket and place.
final class PoolEncoder {
    private static final int SLOT_BITS = 17;
    private static final int BUCKET_BITS = 32;
    private static final int RANK_BITS = 14;
    private static final long SLOTS = 1L << SLOT_BITS;

    private final MeasureTable measures;
    private final TallyWriter counted = new TallyWriter();
    private final TallyWriter shown = new TallyWriter();
    private long[] keys = new long[256];

    PoolEncoder(MeasureTable measures) {
        this.measures = measures;
    }

    BookChanges.Part part(Group group, long minute, Pool pool) {
        List<BookChanges.Slice> slices = new ArrayList<>();
        for (int slice = 0; slice < pool.shares(); slice++) {
            Pool.Share share = pool.share(slice);
            if (share.isUsed()) {
                slices.add(slice(group.sliceName(slice), pool, share));
            }
        }
        return new BookChanges.Part(
                group.key(), minute == Group.NO_WINDOW ? OptionalLong.empty() : OptionalLong.of(minute), slices);
    }

    private BookChanges.Slice slice(String name, Pool pool, Pool.Share share) {
        int[] ranks = measures.ranks();
        int places = share.touches();
        if (pool.slots() <= SLOTS && ranks.length <= 1 << RANK_BITS) {
            order(pool, share, ranks);
            int last = -1;
            for (int i = 0; i < places; i++) {
                last = write(pool, share, (int) (keys[i] & SLOTS - 1), last);
            }
        } else {
            int last = -1;
            for (int slot : ordered(pool, share, ranks)) {
                last = write(pool, share, slot, last);
            }
        }
        return new BookChanges.Slice(
                name, counted.finish(), shown.isEmpty() ? BookChanges.NOTHING : shown.finish(), share.lastAppendMs());
    }

    private void order(Pool pool, Pool.Share share, int[] ranks) {
        int places = share.touches();
        if (keys.length < places) {
            keys = new long[places * 2];
        }
        for (int i = 0; i < places; i++) {
            int slot = share.touched(i);
            long bucket = (pool.bucket(slot) ^ Integer.MIN_VALUE) & 0xFFFF_FFFFL;
            keys[i] = (long) ranks[pool.measure(slot)] << BUCKET_BITS + SLOT_BITS | bucket << SLOT_BITS | slot;
        }
        Arrays.sort(keys, 0, places);
    }

    /// The same for pools too large for such numbers.
    private static int[] ordered(Pool pool, Pool.Share share, int[] ranks) {
        return IntStream.range(0, share.touches())
                .map(share::touched)
                .boxed()
                .sorted(Comparator.comparingInt((Integer slot) -> ranks[pool.measure(slot)])
                        .thenComparingInt(pool::bucket))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /// `last` is the slot that was written before: the same one again says nothing, and another measure begins one.
    /// Returns the slot that was written last now.
    private int write(Pool pool, Pool.Share share, int slot, int last) {
        long amount = share.amount(slot);
        if (amount == 0 || slot == last) {
            return last;
        }
        int measure = pool.measure(slot);
        TallyWriter into = measures.isWindowOnly(measure) ? shown : counted;
        if (last < 0 || pool.measure(last) != measure) {
            into.measure(measures.name(measure));
        }
        into.add(pool.bucket(slot), amount);
        return slot;
    }
}
