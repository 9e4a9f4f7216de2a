// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA256 over the second of sending, a dot, and the body: a receiver that refuses old seconds cannot be
/// played an old event again.
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /// The value of the header `Edgewise-Signature`: `t=<second>,v1=<hex>`.
    static String of(String secret, long second, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((second + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + second + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no " + ALGORITHM, e);
        }
    }
}
