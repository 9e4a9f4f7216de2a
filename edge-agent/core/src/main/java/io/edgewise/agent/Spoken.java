// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;
import java.util.OptionalLong;

/// What a model that generates text says of its answer, and the answer as it came.
public record Spoken(
        OptionalLong tokensIn, OptionalLong tokensOut, OptionalLong firstTokenMicros, Optional<Reply> reply) {
    public static final Spoken NOTHING =
            new Spoken(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
}
