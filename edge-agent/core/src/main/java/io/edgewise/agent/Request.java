// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What the app asks. The unit is who sticks to one arm: a user or a session. `chat` is there when the
/// app spoke a chat API; `features` are numbers of the app's own that drift watches.
public record Request(String unit, String text, Terms terms, Optional<Chat> chat, Map<String, Double> features) {
    public Request {
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(text, "text");
        features = Map.copyOf(features);
    }

    public Request(String unit, String text, Terms terms, Optional<Chat> chat) {
        this(unit, text, terms, chat, Map.of());
    }

    public Request(String unit, String text) {
        this(unit, text, Terms.GRANTED, Optional.empty());
    }

    /// The same for an arm that runs after the response.
    Request mirrored() {
        return chat.isEmpty() ? this : with(chat.get().unheard());
    }

    /// What is held in memory for it.
    long bytes() {
        return (long) text.length() + chat.map(said -> said.body().length).orElse(0);
    }

    /// The same with another text to read.
    Request saying(String words) {
        return new Request(unit, words, terms, chat, features);
    }

    Request with(Chat other) {
        return new Request(unit, text, terms, Optional.of(other), features);
    }
}
