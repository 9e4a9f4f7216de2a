// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import java.util.Base64;

/// A public key as people and agents are given it.
final class PublicPem {
    private static final int LINE = 64;

    private PublicPem() {}

    static String of(byte[] key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key) + "\n-----END PUBLIC KEY-----\n";
    }
}
