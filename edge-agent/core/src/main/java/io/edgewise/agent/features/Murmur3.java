// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.features;

/// MurmurHash3_x86_32 by Austin Appleby (public domain).
final class Murmur3 {
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private Murmur3() {}

    static int hash(byte[] data, int length, int seed) {
        int h = seed;
        int blocks = length / 4;
        for (int i = 0; i < blocks; i++) {
            int at = i * 4;
            int k = (data[at] & 0xff)
                    | (data[at + 1] & 0xff) << 8
                    | (data[at + 2] & 0xff) << 16
                    | (data[at + 3] & 0xff) << 24;
            h ^= scramble(k);
            h = Integer.rotateLeft(h, 13) * 5 + 0xe6546b64;
        }
        int k = 0;
        for (int i = length - 1; i >= blocks * 4; i--) {
            k = k << 8 | data[i] & 0xff;
        }
        h ^= scramble(k);
        h ^= length;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    private static int scramble(int k) {
        return Integer.rotateLeft(k * C1, 15) * C2;
    }
}
