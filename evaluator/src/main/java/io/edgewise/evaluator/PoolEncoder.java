// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.TallyWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// A pool's amounts as the bytes of tallies. Measures and buckets are put in order once for all slices of the pool, and
/// each slice is then written in one pass.
final class PoolEncoder {
    private final MeasureTable measures;
    private final TallyWriter counted = new TallyWriter();
    private final TallyWriter shown = new TallyWriter();

    PoolEncoder(MeasureTable measures) {
        this.measures = measures;
    }

    BookChanges.Part part(Group group, long minute, Pool pool) {
        int[] slots = pool.inOrder(measures);
        List<BookChanges.Slice> slices = new ArrayList<>();
        for (int slice = 0; slice < pool.shares(); slice++) {
            Pool.Share share = pool.share(slice);
            if (share.isUsed()) {
                slices.add(slice(group.sliceName(slice), pool, share, slots));
            }
        }
        return new BookChanges.Part(
                group.key(), minute == Group.NO_WINDOW ? OptionalLong.empty() : OptionalLong.of(minute), slices);
    }

    private BookChanges.Slice slice(String name, Pool pool, Pool.Share share, int[] slots) {
        int last = -1;
        TallyWriter into = counted;
        for (int slot : slots) {
            long amount = share.amount(slot);
            if (amount == 0) {
                continue;
            }
            int measure = pool.measure(slot);
            if (measure != last) {
                into = measures.isWindowOnly(measure) ? shown : counted;
                into.measure(measures.name(measure));
                last = measure;
            }
            into.add(pool.bucket(slot), amount);
        }
        return new BookChanges.Slice(
                name, counted.finish(), shown.isEmpty() ? BookChanges.NOTHING : shown.finish(), share.lastAppendMs());
    }
}
