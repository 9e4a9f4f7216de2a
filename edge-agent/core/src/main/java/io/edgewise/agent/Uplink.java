// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.concurrent.CompletableFuture;

/// The road to the server. The future completes when the record is safe on the other side. Thread-safe.
@FunctionalInterface
public interface Uplink {
    CompletableFuture<Void> send(String topic, byte[] key, byte[] record, String schema);
}
