// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.MeasureName;
import io.edgewise.contracts.tally.TallyWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// A pool's amounts as the bytes of tallies, of all slices in one pass: the rows that were added to are put in order
/// as numbers that hold rank of the measure, bucket and place in their list.
final class PoolEncoder {
    private static final int PLACE_BITS = 17;
    private static final int BUCKET_BITS = 32;
    private static final int RANK_BITS = 14;
    private static final long PLACES = 1L << PLACE_BITS;

    private TallyWriter[] counted = {};
    private TallyWriter[] shown = {};
    private long[] keys = new long[256];

    BookChanges.Part part(Group.Filled filled, MeasureTable.Names measures) {
        Buckets sums = filled.pool().sums();
        write(sums, measures);
        List<BookChanges.Slice> slices = new ArrayList<>();
        for (int slice = 0; slice < sums.slices(); slice++) {
            if (sums.isUsed(slice)) {
                slices.add(new BookChanges.Slice(
                        filled.slices()[slice],
                        counted[slice].finish(),
                        shown[slice].isEmpty() ? BookChanges.NOTHING : shown[slice].finish(),
                        sums.lastAppendMs(slice)));
            }
        }
        long minute = filled.minute();
        return new BookChanges.Part(
                filled.key(), minute == Group.NO_WINDOW ? OptionalLong.empty() : OptionalLong.of(minute), slices);
    }

    private void write(Buckets sums, MeasureTable.Names measures) {
        int slices = sums.slices();
        counted = writers(counted, slices);
        shown = writers(shown, slices);
        int[] ranks = measures.ranks();
        if (sums.touches() <= PLACES && ranks.length <= 1 << RANK_BITS) {
            order(sums, ranks);
            int last = -1;
            for (int i = 0; i < sums.touches(); i++) {
                last = write(sums, measures, (int) (keys[i] & PLACES - 1), last);
            }
        } else {
            int last = -1;
            for (int at : ordered(sums, ranks)) {
                last = write(sums, measures, at, last);
            }
        }
    }

    private static TallyWriter[] writers(TallyWriter[] held, int count) {
        if (held.length >= count) {
            return held;
        }
        TallyWriter[] more = Arrays.copyOf(held, count);
        for (int i = held.length; i < count; i++) {
            more[i] = new TallyWriter();
        }
        return more;
    }

    private void order(Buckets sums, int[] ranks) {
        int places = sums.touches();
        if (keys.length < places) {
            keys = new long[places * 2];
        }
        for (int i = 0; i < places; i++) {
            long bucket = (sums.bucket(i) ^ Integer.MIN_VALUE) & 0xFFFF_FFFFL;
            keys[i] = (long) ranks[sums.measure(i)] << BUCKET_BITS + PLACE_BITS | bucket << PLACE_BITS | i;
        }
        Arrays.sort(keys, 0, places);
    }

    /// The same for pools too large for such numbers.
    private static int[] ordered(Buckets sums, int[] ranks) {
        return IntStream.range(0, sums.touches())
                .boxed()
                .sorted(Comparator.comparingInt((Integer at) -> ranks[sums.measure(at)])
                        .thenComparingInt(sums::bucket))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /// `last` is the measure that was written before: another one begins. Returns the one written now.
    private int write(Buckets sums, MeasureTable.Names measures, int at, int last) {
        int measure = sums.measure(at);
        int bucket = sums.bucket(at);
        int slices = sums.slices();
        TallyWriter[] into = measures.windowOnly().get(measure) ? shown : counted;
        if (measure != last) {
            MeasureName name = measures.said().get(measure);
            for (int slice = 0; slice < slices; slice++) {
                into[slice].measure(name);
            }
        }
        for (int slice = sums.nextSlice(at, 0); slice < slices; slice = sums.nextSlice(at, slice + 1)) {
            long amount = sums.amount(at, slice);
            if (amount != 0) {
                into[slice].add(bucket, amount);
            }
        }
        return measure;
    }
}
