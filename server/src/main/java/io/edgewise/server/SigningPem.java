// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.contracts.Signing;
import io.edgewise.controller.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/// The Ed25519 pair of directives as PEM. The key's id is the first 16 hexadecimal digits of its public
/// half's SHA-256.
final class SigningPem {
    private static final int ID_DIGITS = 16;

    private SigningPem() {}

    static SigningKeys parse(String privatePem, String publicPem) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance("Ed25519");
        PrivateKey privateKey = keys.generatePrivate(new PKCS8EncodedKeySpec(bytes(privatePem, "PRIVATE KEY")));
        PublicKey publicKey = keys.generatePublic(new X509EncodedKeySpec(bytes(publicPem, "PUBLIC KEY")));
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        if (!Signing.verify(Signing.sign("edgewise/probe/1", probe, "probe", privateKey), publicKey)) {
            throw new IllegalArgumentException("the private and the public key are not halves of one pair");
        }
        return new SigningKeys(id(publicKey), privateKey, publicKey);
    }

    static String id(PublicKey key) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        return HexFormat.of().formatHex(digest).substring(0, ID_DIGITS);
    }

    static String pem(String kind, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    private static byte[] bytes(String pem, String kind) {
        String begin = "-----BEGIN " + kind + "-----";
        String end = "-----END " + kind + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("expected a PEM file with \"" + begin + "\"");
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }
}
