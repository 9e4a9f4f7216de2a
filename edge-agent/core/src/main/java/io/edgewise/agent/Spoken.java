// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;
import java.util.OptionalLong;

/// What a model that generates text says of its answer, and the answer as it came. `toolCalls` is there
/// when the answer calls tools: an array of `{"arguments", "name"}` in one order, whatever order they
/// came in.
public record Spoken(
        OptionalLong tokensIn,
        OptionalLong tokensOut,
        OptionalLong firstTokenMicros,
        Optional<String> toolCalls,
        Optional<Reply> reply) {
    public static final Spoken NOTHING =
            new Spoken(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

    public Spoken(OptionalLong tokensIn, OptionalLong tokensOut, OptionalLong firstTokenMicros, Optional<Reply> reply) {
        this(tokensIn, tokensOut, firstTokenMicros, Optional.empty(), reply);
    }
}
