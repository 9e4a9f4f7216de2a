// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Signed;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/// Signs and verifies with Ed25519 what devices are to trust. What is signed is what is parsed: the very bytes sent,
/// behind a domain that keeps a lease from being taken for a directive.
public final class Signing {
    public static final String DIRECTIVE = "edgewise/directive/1";
    public static final String LEASE = "edgewise/lease/1";
    public static final String KEYS = "edgewise/keys/1";
    public static final String BUILD = "edgewise/build/1";
    public static final String REFERENCE = "edgewise/reference/1";
    public static final String REVOCATION = "edgewise/revocation/1";

    private Signing() {}

    public static Signed sign(String domain, byte[] payload, String keyId, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            feed(signature, domain, payload);
            return Signed.newBuilder()
                    .setDomain(domain)
                    .setPayload(ByteString.copyFrom(payload))
                    .setKeyId(keyId)
                    .setSignature(ByteString.copyFrom(signature.sign()))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with key \"" + keyId + "\"", e);
        }
    }

    public static boolean verify(Signed signed, PublicKey key) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            feed(signature, signed.getDomain(), signed.getPayload().toByteArray());
            return signature.verify(signed.getSignature().toByteArray());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void feed(Signature signature, String domain, byte[] payload) throws GeneralSecurityException {
        signature.update(domain.getBytes(StandardCharsets.UTF_8));
        signature.update((byte) 0);
        signature.update(payload);
    }
}
