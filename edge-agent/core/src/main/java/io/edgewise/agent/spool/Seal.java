// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/// Encrypts the records that hold texts, with AES-256-GCM. A sealed record is 0x00, a random nonce of 12
/// bytes, and the cipher text with its tag; no record begins with 0x00 otherwise, since that is no
/// Protobuf field. Epoch, lane and sequence are authenticated with it, so that no record can be put in
/// the place of another. Used by one thread at a time.
final class Seal {
    private static final byte MARK = 0;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final @Nullable SecretKey key;
    private final SecureRandom random = new SecureRandom();

    Seal(Optional<SecretKey> key) {
        this.key = key.orElse(null);
    }

    static boolean isSealed(byte[] stored) {
        return stored.length > 0 && stored[0] == MARK;
    }

    boolean hasKey() {
        return key != null;
    }

    byte[] close(byte[] record, long epoch, Lane lane, long seq) {
        if (key == null) {
            throw new IllegalStateException(
                    "a record holds text, but the spool has no key; give it one, or leave" + " texts off");
        }
        try {
            byte[] nonce = new byte[NONCE];
            random.nextBytes(nonce);
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, epoch, lane, seq);
            byte[] sealed = Arrays.copyOf(new byte[] {MARK}, 1 + NONCE + cipher.getOutputSize(record.length));
            System.arraycopy(nonce, 0, sealed, 1, NONCE);
            int length = cipher.doFinal(record, 0, record.length, sealed, 1 + NONCE);
            return Arrays.copyOf(sealed, 1 + NONCE + length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt a record of the spool", e);
        }
    }

    /// The record as it was; empty for one that was altered, or sealed with another key.
    Optional<byte[]> open(byte[] stored, long epoch, Lane lane, long seq) {
        if (!isSealed(stored)) {
            return Optional.of(stored);
        }
        if (key == null || stored.length <= 1 + NONCE) {
            return Optional.empty();
        }
        try {
            byte[] nonce = Arrays.copyOfRange(stored, 1, 1 + NONCE);
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, nonce, epoch, lane, seq)
                    .doFinal(stored, 1 + NONCE, stored.length - 1 - NONCE));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, long epoch, Lane lane, long seq)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(ByteBuffer.allocate(Long.BYTES * 2 + Integer.BYTES)
                .putLong(epoch)
                .putInt(lane.code())
                .putLong(seq)
                .array());
        return cipher;
    }
}
