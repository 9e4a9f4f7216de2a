// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads the answers of `/v1/chat/completions` and `/v1/completions`. Pure.
final class CompletionReader {
    static final ObjectMapper JSON = new ObjectMapper();

    private CompletionReader() {}

    /// Empty for what is no completion: no JSON, an error, or a first choice with neither text nor
    /// refusal nor tool calls.
    static Optional<Completion> read(byte[] body, Reply reply) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (IOException e) {
            return Optional.empty();
        }
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.path("message");
        String text = said(message.isObject() ? message.path("content") : choice.path("text"));
        String spoken = text.isEmpty() ? said(message.path("refusal")) : text;
        ToolCalls called = new ToolCalls();
        called.add(message);
        if (answer.hasNonNull("error") || spoken.isEmpty() && called.text().isEmpty()) {
            return Optional.empty();
        }
        JsonNode usage = answer.path("usage");
        return Optional.of(new Completion(
                spoken,
                called.text(),
                answer.path("model").asText(),
                answer.path("system_fingerprint").asText(""),
                new Completion.Usage(
                        count(usage.path("prompt_tokens")),
                        count(usage.path("completion_tokens")),
                        OptionalLong.empty()),
                logprobs(choice),
                Optional.of(reply)));
    }

    /// Whether it has the shape of an answer, if with nothing in it: an app may know what to make of that.
    static boolean isChoice(byte[] body) {
        try {
            JsonNode answer = JSON.readTree(body);
            return !answer.hasNonNull("error") && answer.path("choices").path(0).isObject();
        } catch (IOException e) {
            return false;
        }
    }

    private static String said(JsonNode content) {
        return content.isTextual() ? content.textValue().strip() : "";
    }

    /// Of chat: `logprobs.content[].logprob`; of completions: `logprobs.token_logprobs[]`.
    static List<Double> logprobs(JsonNode choice) {
        List<Double> logprobs = new ArrayList<>();
        for (JsonNode token : choice.path("logprobs").path("content")) {
            logprobs.add(token.path("logprob").asDouble(Double.NaN));
        }
        for (JsonNode token : choice.path("logprobs").path("token_logprobs")) {
            logprobs.add(token.asDouble(Double.NaN));
        }
        return logprobs;
    }

    static OptionalLong count(JsonNode count) {
        return count.canConvertToLong() && count.isIntegralNumber() && count.longValue() >= 0
                ? OptionalLong.of(count.longValue())
                : OptionalLong.empty();
    }
}
