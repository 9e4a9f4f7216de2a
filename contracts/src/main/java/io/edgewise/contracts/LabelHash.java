// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The label as feedback carries it: the first 8 bytes of its SHA-256.
public final class LabelHash {
    private LabelHash() {}

    public static long of(String label) {
        return ByteBuffer.wrap(sha256().digest(label.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    /// Where a label is counted: 31 bits of the hash.
    public static int bucket(String label) {
        return (int) (of(label) >>> 33);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
