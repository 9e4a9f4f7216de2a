// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Objects;
import java.util.Optional;

/// What the app asks. The unit is who sticks to one arm: a user or a session. `chat` is there when the app spoke a chat
/// API.
public record Request(String unit, String text, Terms terms, Optional<Chat> chat) {
    public Request {
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(text, "text");
    }

    public Request(String unit, String text) {
        this(unit, text, Terms.GRANTED, Optional.empty());
    }

    /// The same for an arm that runs after the response.
    Request mirrored() {
        return chat.isEmpty() ? this : with(chat.get().unheard());
    }

    Request with(Chat other) {
        return new Request(unit, text, terms, Optional.of(other));
    }
}
