// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.io.IOException;
import java.util.Map;

/// Takes a streamed answer to the app while it comes.
public interface Relay {
    /// Before the first bytes and before anybody says who answers: what the answer's headers say that clients
    /// act on.
    default void told(Map<String, String> headers) {}

    /// Before the first bytes: who answers. From here on no other arm can.
    void begin(Served by) throws IOException;

    /// Waits while the app reads more slowly than the model writes. Throws when the app is gone.
    void write(byte[] bytes) throws IOException;

    /// Whose answer it is. `who` is the build's or the frontier's name; the reason is empty for the assigned arm.
    record Served(String observationId, io.edgewise.contracts.v1.Role role, String who, String reason) {}
}
