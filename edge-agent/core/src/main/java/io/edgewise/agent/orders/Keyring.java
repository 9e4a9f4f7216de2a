// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Signed;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The keys that orders may be signed with, by their ids: at first those that the device was set up with,
/// later those of the newest key set that one of them signed.
public record Keyring(Map<String, PublicKey> keys) {
    private static final int MOST = 8;
    private static final String ANY = "";
    /// Of an order that a key signed which does not count.
    static final String UNKNOWN = "unknown-key";

    public Keyring {
        keys = Map.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a device needs at least one key to verify its orders with");
        }
    }

    /// One key, whatever id it is called by.
    public static Keyring of(PublicKey key) {
        return new Keyring(Map.of(ANY, key));
    }

    /// The keys of a set; empty when it is not well formed: no key or too many, no ids, not Ed25519.
    static Optional<Keyring> of(KeySet set) {
        Map<String, PublicKey> keys = new HashMap<>();
        for (KeySet.Key key : set.getKeysList()) {
            try {
                keys.put(
                        key.getId(),
                        KeyFactory.getInstance("Ed25519")
                                .generatePublic(new X509EncodedKeySpec(
                                        key.getPublicKey().toByteArray())));
            } catch (GeneralSecurityException e) {
                return Optional.empty();
            }
        }
        boolean isWhole =
                !keys.isEmpty() && keys.size() <= MOST && keys.size() == set.getKeysCount() && !keys.containsKey(ANY);
        return isWhole ? Optional.of(new Keyring(keys)) : Optional.empty();
    }

    /// Empty when it is signed by a key of the ring; else the reason.
    String fault(Signed signed) {
        PublicKey key = keys.getOrDefault(signed.getKeyId(), keys.get(ANY));
        if (key == null) {
            return UNKNOWN;
        }
        return Signing.verify(signed, key) ? "" : "signature";
    }

    /// Whether a key of the ring signed it.
    public boolean verifies(Signed signed) {
        return fault(signed).isEmpty();
    }
}
