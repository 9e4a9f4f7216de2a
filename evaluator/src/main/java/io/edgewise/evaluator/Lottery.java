// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.evaluator.wire.Request;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Gives every observation its chance of being in a sample: a hash (SipHash-2-4) under a secret key, so that no sender
/// can choose which of its records people get to see.
///
/// The same record has the same chance in every instance and each time it is read. Besides the id, which a sender may
/// have drawn badly, the identity counts: two records never share a chance. Used by one thread.
public final class Lottery {
    private static final int KEY_BYTES = 16;
    private static final int WORDS = 5;

    private final long k0;
    private final long k1;
    private final long[] words = new long[WORDS];

    /// Of `key`, the first 16 bytes count.
    public Lottery(byte[] key) {
        if (key.length < KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the key of samples has " + key.length + " bytes; it needs at least " + KEY_BYTES);
        }
        ByteBuffer bytes = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        this.k0 = bytes.getLong();
        this.k1 = bytes.getLong();
    }

    /// Evenly drawn from all numbers.
    long chance(Request request) {
        words[0] = request.idHead();
        words[1] = request.idTail();
        words[2] = request.epoch();
        words[3] = request.seq();
        words[4] = request.device().hashCode();
        return hash(k0, k1, words);
    }

    /// SipHash-2-4 of the words' bytes, little-endian.
    static long hash(long k0, long k1, long[] words) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int last = words.length;
        for (int i = 0; i <= last + 2; i++) {
            // The words, then their length in bytes, then four rounds more to end with.
            long word = i < last ? words[i] : i == last ? (long) last * Long.BYTES << 56 : 0;
            v3 ^= word;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
            if (i == last) {
                v2 ^= 0xff;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
