// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// SHA-256 of bytes, in hex.
public final class CanonicalHash {
    private CanonicalHash() {}

    public static String of(byte[] bytes) {
        return Hashing.hex(Hashing.sha256(bytes));
    }
}
