// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import io.edgewise.agent.Reply;
import io.edgewise.agent.Spoken;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What an OpenAI-compatible server answered. `text` is the first choice's, empty when it only calls
/// tools; `toolCalls` are the first choice's, as [ToolCalls] writes them; `model` and `fingerprint` are
/// empty where it said none. `logprobs` has one entry per token of the text, or none.
public record Completion(
        String text,
        Optional<String> toolCalls,
        String model,
        String fingerprint,
        Usage usage,
        List<Double> logprobs,
        Optional<Reply> reply) {
    /// Tokens and times, as far as the server or the clock tell them. The time to the first token is of streams only.
    public record Usage(OptionalLong tokensIn, OptionalLong tokensOut, OptionalLong firstTokenMicros) {}

    public Completion {
        logprobs = List.copyOf(logprobs);
    }

    public Spoken spoken() {
        return new Spoken(usage.tokensIn(), usage.tokensOut(), usage.firstTokenMicros(), toolCalls, reply);
    }
}
