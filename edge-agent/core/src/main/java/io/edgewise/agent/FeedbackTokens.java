// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Seals the context of an answer into the token that feedback brings back, at most 512 bytes before base64url.
/// Slices that would not fit are left out, the last in alphabetical order first.
final class FeedbackTokens {
    static final int LONGEST = 512;
    private static final int LONGEST_TEXT = 1024;

    private final byte[] key;

    FeedbackTokens(byte[] key) {
        this.key = key.clone();
    }

    static String text(FeedbackToken token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.toByteArray());
    }

    FeedbackToken seal(FeedbackContext context) {
        TreeMap<String, String> slices = new TreeMap<>(context.getSlicesMap());
        FeedbackToken token = sealed(context);
        while (token.getSerializedSize() > LONGEST && !slices.isEmpty()) {
            slices.pollLastEntry();
            token = sealed(withSlices(context, slices));
        }
        return token;
    }

    private static FeedbackContext withSlices(FeedbackContext context, Map<String, String> slices) {
        return context.toBuilder().clearSlices().putAllSlices(slices).build();
    }

    private FeedbackToken sealed(FeedbackContext context) {
        byte[] bytes = context.toByteArray();
        return FeedbackToken.newBuilder()
                .setContext(ByteString.copyFrom(bytes))
                .setMac(ByteString.copyFrom(DeviceSecrets.mac(key, bytes)))
                .build();
    }

    /// The context of a token that this device sealed; empty for anything else.
    Optional<FeedbackContext> open(String text) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        try {
            FeedbackToken token = FeedbackToken.parseFrom(Base64.getUrlDecoder().decode(text));
            byte[] expected = DeviceSecrets.mac(key, token.getContext().toByteArray());
            return MessageDigest.isEqual(expected, token.getMac().toByteArray())
                    ? Optional.of(FeedbackContext.parseFrom(token.getContext()))
                    : Optional.empty();
        } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }
}
