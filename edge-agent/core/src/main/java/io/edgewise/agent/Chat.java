// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;

/// A request in the words of an OpenAI-compatible API, as its app sent it: models that speak the API are
/// asked with it, and their answer is handed on as it came. `path` is for example "/v1/chat/completions";
/// `authorization` is the header that the app sent; `relay` is where a streamed answer goes while it
/// comes: a mirror has none. `wantsTools`: it may only be put to who can call tools.
@SuppressWarnings("ArrayRecordComponent")
public record Chat(
        String path,
        byte[] body,
        boolean isStream,
        boolean wantsTools,
        Optional<String> authorization,
        Optional<Relay> relay) {
    public Chat(String path, byte[] body, boolean isStream, Optional<String> authorization, Optional<Relay> relay) {
        this(path, body, isStream, false, authorization, relay);
    }

    Chat saying(byte[] other) {
        return new Chat(path, other, isStream, wantsTools, authorization, relay);
    }

    /// The same for a model whose answer nobody waits for.
    Chat unheard() {
        return new Chat(path, body, isStream, wantsTools, authorization, Optional.empty());
    }

    Chat heardBy(Relay listener) {
        return new Chat(path, body, isStream, wantsTools, authorization, Optional.of(listener));
    }
}
