// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Optional;

/// An Ed25519 pair with which orders to devices are signed. Alone it is a cabinet of one.
///
/// @param since the version of the key set that named it first; 0: devices are set up with it
public record SigningKeys(String keyId, PrivateKey privateKey, PublicKey publicKey, long since) implements KeyCabinet {
    public SigningKeys(String keyId, PrivateKey privateKey, PublicKey publicKey) {
        this(keyId, privateKey, publicKey, 0);
    }

    public SigningKeys since(long version) {
        return new SigningKeys(keyId, privateKey, publicKey, version);
    }

    public Signed sign(String domain, byte[] payload) {
        Signed signed = Signing.sign(domain, payload, keyId, privateKey);
        return since == 0 ? signed : signed.toBuilder().setKeysVersion(since).build();
    }

    @Override
    public SigningKeys first() {
        return this;
    }

    @Override
    public Optional<SigningKeys> find(String id) {
        return id.equals(keyId) ? Optional.of(this) : Optional.empty();
    }

    @Override
    public SigningKeys make() throws IOException {
        throw new IOException("one pair is given, and none can be made beside it");
    }

    @Override
    public String toString() {
        return "SigningKeys[" + keyId + "]";
    }
}
