// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Gives equal texts the same object, without making a string of each. Forgets all of them when there are too many, so
/// that no sender can fill the memory; two equal words may then be two objects. Not safe for concurrent use.
public final class Words {
    /// Longer texts, in bytes, are no names and no labels: they are made each time, and not kept.
    static final int LONGEST_KEPT = 1024;

    private static final int MOST = 1 << 15;
    private static final int SLOTS = MOST * 2;

    private final @Nullable Word[] table = new Word[SLOTS];
    private int held;

    public Word of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    Word of(byte[] from, int offset, int length) {
        if (length == 0) {
            return Word.EMPTY;
        }
        int hash = hash(from, offset, length);
        int slot = slot(hash);
        for (Word word = table[slot]; word != null; word = table[slot]) {
            if (word.holds(from, offset, length, hash)) {
                return word;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        Word fresh = new Word(Arrays.copyOfRange(from, offset, offset + length), hash);
        if (length > LONGEST_KEPT) {
            return fresh;
        }
        if (++held > MOST) {
            Arrays.fill(table, null);
            held = 1;
            slot = slot(hash);
        }
        table[slot] = fresh;
        return fresh;
    }

    private static int hash(byte[] from, int offset, int length) {
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + from[i];
        }
        return hash;
    }

    private static int slot(int hash) {
        return (hash * 0x9E3779B9 >>> 16) & (SLOTS - 1);
    }
}
