// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;

/// A request in the words of an OpenAI-compatible API, as its app sent it: models that speak the API are
/// asked with it, and their answer is handed on as it came. `path` is for example "/v1/chat/completions";
/// `authorization` is the header that the app sent, `beside` what else came beside the body; `relay` is
/// where a streamed answer goes while it comes: a mirror has none. `wantsTools`: it may only be put to
/// who can call tools.
@SuppressWarnings("ArrayRecordComponent")
public record Chat(
        String path,
        byte[] body,
        boolean isStream,
        boolean wantsTools,
        Optional<String> authorization,
        Optional<Relay> relay,
        Beside beside) {
    public Chat(String path, byte[] body, boolean isStream, Optional<String> authorization, Optional<Relay> relay) {
        this(path, body, isStream, false, authorization, relay, Beside.NOTHING);
    }

    /// The same as it may leave: with another body, and without what cannot be redacted.
    Chat redacted(byte[] other) {
        return new Chat(path, other, isStream, wantsTools, authorization, relay, beside.known());
    }

    /// The same for a model whose answer nobody waits for.
    Chat unheard() {
        return new Chat(path, body, isStream, wantsTools, authorization, Optional.empty(), beside.again());
    }

    Chat heardBy(Relay listener) {
        return new Chat(path, body, isStream, wantsTools, authorization, Optional.of(listener), beside);
    }
}
