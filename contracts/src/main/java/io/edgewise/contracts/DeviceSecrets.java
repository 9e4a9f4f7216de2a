// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A device's credentials, derived from the server's secret: nothing per device has to be stored to check them, and
/// one device's leak says nothing about another's.
public final class DeviceSecrets {
    private static final int MINIMUM_SECRET_BYTES = 32;

    private final byte[] secret;

    public DeviceSecrets(byte[] secret) {
        if (secret.length < MINIMUM_SECRET_BYTES) {
            throw new IllegalArgumentException("the device secret has " + secret.length + " bytes; it needs at least "
                    + MINIMUM_SECRET_BYTES + " random bytes");
        }
        this.secret = secret.clone();
    }

    /// Who a device token speaks for.
    public record Principal(String tenant, String device) {}

    /// The bearer token of a device: tenant, device and a mac, separated by '~', which no name can hold.
    public String token(String tenant, String device) {
        return tenant + '~' + device + '~' + encode(derive("edgewise/device-token/1", tenant, device));
    }

    /// Whose token this is; empty when it is nobody's.
    public Optional<Principal> authenticate(String token) {
        String[] parts = token.split("~", -1);
        if (parts.length != 3 || !Names.isValid(parts[0]) || !Names.isValid(parts[1])) {
            return Optional.empty();
        }
        byte[] expected = token(parts[0], parts[1]).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, token.getBytes(StandardCharsets.UTF_8))
                ? Optional.of(new Principal(parts[0], parts[1]))
                : Optional.empty();
    }

    /// The key with which the device vouches for the context in its feedback tokens.
    public byte[] feedbackKey(String tenant, String device) {
        return derive("edgewise/feedback-key/1", tenant, device);
    }

    /// The key that decides which observations are sampled: no device can foresee it.
    public byte[] sampleKey() {
        return derive("edgewise/sample-key/1", "", "");
    }

    /// HMAC-SHA256.
    public static byte[] mac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no HmacSHA256", e);
        }
    }

    private byte[] derive(String purpose, String tenant, String device) {
        String message = purpose + '\0' + tenant + '\0' + device;
        return mac(secret, message.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
