// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.FeedbackContext;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;

/// What mirrors found after the token had left with the response: feedback carries it instead of the token's own
/// context. Kept for the latest requests only.
final class Completions {
    private static final int MOST = 2048;

    private final SequencedMap<ByteString, CompletableFuture<FeedbackContext>> latest = new LinkedHashMap<>();

    synchronized CompletableFuture<FeedbackContext> expect(byte[] observation) {
        CompletableFuture<FeedbackContext> coming = new CompletableFuture<>();
        latest.put(ByteString.copyFrom(observation), coming);
        if (latest.size() > MOST) {
            latest.pollFirstEntry();
        }
        return coming;
    }

    synchronized Optional<CompletableFuture<FeedbackContext>> of(ByteString observation) {
        return Optional.ofNullable(latest.get(observation));
    }
}
