// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// What the server put into its folder of secrets on its first start.
record ServerKeys(Path folder) {
    /// The operator's bearer token.
    String operatorToken() throws IOException {
        return text("operator-token");
    }

    /// The secret that device credentials derive from, as the server reads it: the bytes of the text.
    byte[] deviceSecret() throws IOException {
        return text("device-secret").getBytes(StandardCharsets.UTF_8);
    }

    /// What devices check orders with.
    PublicKey signingKey() throws IOException {
        String body = text("signing.pub")
                .replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "")
                .replaceAll("\\s", "");
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(body)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(folder.resolve("signing.pub") + " is not an Ed25519 public key in PEM", e);
        }
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name)).strip();
    }
}
