// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the records of one stratum and one minute add, by slice, since the last flush.
///
/// With thousands of keys nothing of a pool is in the processor's caches when its next record comes, and a
/// record touches some thirty buckets in each of its slices. So records are noted one behind the other
/// first, and added up many at a time ([Buckets]).
final class Pool {
    /// Notes beyond these are added up at once: what a cache holds beside the buckets, and what an idle
    /// pool may keep.
    private static final int MOST_WORDS = 4_096;

    private static final int FIRST_WORDS = 128;
    /// Before a record's slices and additions: how many there are of both, and when it was appended.
    private static final int HEAD = 2;
    /// Buckets that few additions find are cheaper to make anew than to keep for every slice.
    private static final int FEWEST_ADDITIONS_EACH = 4;

    private final Buckets buckets;
    private long[] notes = new long[FIRST_WORDS];
    private int noted;
    private long additions;
    private @Nullable UniformSample disagreements;

    /// With room for so many slices; it grows beyond.
    Pool(int slices) {
        buckets = new Buckets(slices);
    }

    /// Adds the record to these slices. `appendMs` is 0 for what says nothing about devices still reporting.
    void add(Delta delta, int[] slices, int count, long appendMs) {
        int words = HEAD + count + Delta.WORDS * delta.size();
        if (notes.length - noted < words) {
            makeRoom(words);
        }
        notes[noted++] = (long) delta.size() << Integer.SIZE | count;
        notes[noted++] = appendMs;
        for (int s = 0; s < count; s++) {
            notes[noted++] = slices[s];
        }
        noted = delta.copy(notes, noted);
    }

    private void makeRoom(int words) {
        if (noted + words > MOST_WORDS) {
            addUp();
        }
        if (notes.length - noted < words) {
            notes = Arrays.copyOf(notes, Math.max(noted + words, Math.min(MOST_WORDS, 2 * notes.length)));
        }
    }

    private void addUp() {
        int at = 0;
        while (at < noted) {
            int size = (int) (notes[at] >>> Integer.SIZE);
            int slices = (int) notes[at];
            buckets.add(notes, at + HEAD, slices, size, notes[at + 1]);
            at += HEAD + slices + Delta.WORDS * size;
            additions += size;
        }
        noted = 0;
    }

    /// What was added since the pool was emptied.
    Buckets sums() {
        addUp();
        return buckets;
    }

    /// Where the window's disagreements are sampled, once one was found here.
    @Nullable
    UniformSample disagreements() {
        return disagreements;
    }

    void disagreements(UniformSample of) {
        disagreements = of;
    }

    /// Forgets all amounts. False when a new pool is cheaper than this one, which is of no use then.
    boolean empty() {
        boolean isWorthKeeping = additions >= (long) buckets.named() * FEWEST_ADDITIONS_EACH;
        noted = 0;
        additions = 0;
        disagreements = null;
        if (isWorthKeeping) {
            buckets.empty();
        }
        return isWorthKeeping;
    }
}
