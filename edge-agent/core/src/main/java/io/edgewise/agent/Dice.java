// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// Takes turns on a random generator that others of this JVM may share.
final class Dice {
    private final RandomGenerator random;

    Dice(RandomGenerator random) {
        this.random = random;
    }

    long nextLong() {
        synchronized (random) {
            return random.nextLong();
        }
    }

    /// 128 random bits.
    byte[] nextId() {
        synchronized (random) {
            return ByteBuffer.allocate(16)
                    .putLong(random.nextLong())
                    .putLong(random.nextLong())
                    .array();
        }
    }
}
