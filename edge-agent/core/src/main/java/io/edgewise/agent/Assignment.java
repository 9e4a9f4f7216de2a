// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Which arm a unit is assigned, and which observations are paired. Both are hashes, the same on every
/// device and in every language: the first 8 bytes (big-endian) of a SHA-256.
///
/// A unit's hash is over salt, 0x00, unit (UTF-8); its bucket is the hash, unsigned, modulo 10,000; it is
/// a canary unit if the bucket is below the share. Raising the share never moves a unit out. Pairing
/// hashes "edgewise/pairing/1", 0x00, and the observation's id in the same way; so does asking twice,
/// with "edgewise/repeat/1".
final class Assignment {
    static final int ALL = 10_000;
    private static final byte[] PAIRING = "edgewise/pairing/1\0".getBytes(StandardCharsets.UTF_8);
    private static final byte[] REPEAT = "edgewise/repeat/1\0".getBytes(StandardCharsets.UTF_8);

    private Assignment() {}

    static long unitHash(String salt, String unit) {
        return hash((salt + '\0' + unit).getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    static int bucket(long hash) {
        return (int) Long.remainderUnsigned(hash, ALL);
    }

    static boolean isCanary(long unitHash, int shareBp) {
        return bucket(unitHash) < shareBp;
    }

    static boolean isPaired(byte[] observation, int rateBp) {
        return rateBp >= ALL || rateBp > 0 && bucket(hash(PAIRING, observation)) < rateBp;
    }

    /// When a canary unit returns to the champion, as a part of 10,000 of the time that the return is
    /// spread over. Independent of the bucket.
    static int returnTurn(long unitHash) {
        return bucket(Long.divideUnsigned(unitHash, ALL));
    }

    /// Which share of hybrid routing a unit is below, in 10,000: raising the share never moves a unit
    /// out. Independent of the bucket and of the turn to return.
    static int hybridTurn(long unitHash) {
        return bucket(Long.divideUnsigned(unitHash, (long) ALL * ALL));
    }

    /// Whether the champion of a pair is asked a second time. Independent of the pairing.
    static boolean isRepeated(byte[] observation, int rateBp) {
        return rateBp >= ALL || rateBp > 0 && bucket(hash(REPEAT, observation)) < rateBp;
    }

    private static long hash(byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(first);
            return ByteBuffer.wrap(digest.digest(second)).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
