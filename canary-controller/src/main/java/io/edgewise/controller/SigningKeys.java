// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.security.PrivateKey;
import java.security.PublicKey;

/// The Ed25519 key with which orders to devices are signed.
public record SigningKeys(String keyId, PrivateKey privateKey, PublicKey publicKey) {
    @Override
    public String toString() {
        return "SigningKeys[" + keyId + "]";
    }
}
