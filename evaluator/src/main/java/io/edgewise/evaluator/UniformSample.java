// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Of all that was offered, the few with the smallest chances: a uniform sample when chances are drawn evenly.
///
/// Law: the smallest of two samples' union are the sample of everything offered to either. What came first does not
/// matter, and what was written stays known by its chance alone, so that larger ones are still turned away.
final class UniformSample {
    private final WindowKey window;
    private final long[] chances;
    private final byte[] @Nullable [] fresh;
    private int held;
    private boolean dirty;
    /// Only what is below is wanted.
    private long limit;

    UniformSample(WindowKey window, int size) {
        this.window = window;
        this.chances = new long[size];
        this.fresh = new byte[size][];
        this.limit = size == 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    interface Taking {
        void take(long chance, byte[] content);
    }

    WindowKey window() {
        return window;
    }

    boolean isWanted(long chance) {
        return chance < limit;
    }

    /// Takes in what [#isWanted]; returns by how many bytes the fresh ones grew.
    int add(long chance, byte[] content) {
        int grown = content.length;
        if (held == chances.length) {
            byte[] leaving = fresh[held - 1];
            grown -= leaving == null ? 0 : leaving.length;
            held--;
        }
        int found = Arrays.binarySearch(chances, 0, held, chance);
        int at = found < 0 ? -1 - found : found;
        System.arraycopy(chances, at, chances, at + 1, held - at);
        System.arraycopy(fresh, at, fresh, at + 1, held - at);
        chances[at] = chance;
        fresh[at] = content;
        dirty = true;
        if (++held == chances.length) {
            limit = chances[held - 1];
        }
        return grown;
    }

    /// Whether anything is fresh.
    boolean isDirty() {
        return dirty;
    }

    void fresh(Taking taking) {
        for (int i = 0; i < held; i++) {
            byte[] content = fresh[i];
            if (content != null) {
                taking.take(chances[i], content);
            }
        }
    }

    /// The fresh ones are durable.
    void written() {
        Arrays.fill(fresh, null);
        dirty = false;
    }
}
