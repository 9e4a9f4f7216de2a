// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads a stream of server-sent events while it passes. Its bytes are released as they came, but only from the first
/// sound event on: a stream that begins with an error can still be answered by somebody else.
final class StreamReader {
    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";

    private final int mostText;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final ToolCalls called = new ToolCalls();
    private final List<Double> logprobs = new ArrayList<>();
    private boolean isSound;
    private boolean isDone;
    private boolean hasChoice;
    private String model = "";
    private String fingerprint = "";
    private OptionalLong tokensIn = OptionalLong.empty();
    private OptionalLong tokensOut = OptionalLong.empty();
    private OptionalLong firstTokenMicros = OptionalLong.empty();

    StreamReader(int mostText) {
        this.mostText = mostText;
    }

    /// Takes the next bytes, which came so long after the request. False when they hold an error or no event.
    boolean read(byte[] bytes, long sinceMicros) {
        held.writeBytes(bytes);
        for (byte each : bytes) {
            if (each == '\n') {
                if (!line(sinceMicros)) {
                    return false;
                }
            } else if (line.size() >= mostText) {
                return false;
            } else {
                line.write(each);
            }
        }
        return held.size() <= mostText;
    }

    /// Whether a sound event has come.
    boolean begun() {
        return isSound;
    }

    /// The bytes that may go to the app now.
    byte[] released() {
        if (!isSound) {
            return new byte[0];
        }
        byte[] bytes = held.toByteArray();
        held.reset();
        return bytes;
    }

    private boolean line(long sinceMicros) {
        String content = line.toString(StandardCharsets.UTF_8).strip();
        line.reset();
        if (!content.startsWith(DATA)) {
            // Comments keep the connection alive; other fields mean nothing here.
            return true;
        }
        String data = content.substring(DATA.length()).strip();
        if (data.equals(DONE)) {
            isDone = true;
            return true;
        }
        try {
            return event(CompletionReader.JSON.readTree(data), sinceMicros);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean event(JsonNode event, long sinceMicros) {
        if (!event.isObject() || event.hasNonNull("error")) {
            return false;
        }
        isSound = true;
        if (model.isEmpty()) {
            model = event.path("model").asText("");
        }
        if (fingerprint.isEmpty()) {
            fingerprint = event.path("system_fingerprint").asText("");
        }
        JsonNode usage = event.path("usage");
        if (usage.isObject()) {
            tokensIn = CompletionReader.count(usage.path("prompt_tokens"));
            tokensOut = CompletionReader.count(usage.path("completion_tokens"));
        }
        JsonNode choice = event.path("choices").path(0);
        if (choice.isObject() && choice.path("index").asInt(0) == 0) {
            hasChoice = true;
            JsonNode delta = choice.path("delta");
            say(delta.isObject() ? delta.path("content") : choice.path("text"), delta, sinceMicros);
            logprobs.addAll(CompletionReader.logprobs(choice));
        }
        return text.length() + refusal.length() + called.size() <= mostText;
    }

    private void say(JsonNode content, JsonNode delta, long sinceMicros) {
        boolean speaks = !content.asText("").isEmpty()
                || !delta.path("reasoning_content").asText("").isEmpty()
                || !delta.path("refusal").asText("").isEmpty()
                || !delta.path("tool_calls").isEmpty()
                || !delta.path("function_call").isEmpty();
        if (speaks && firstTokenMicros.isEmpty()) {
            firstTokenMicros = OptionalLong.of(Math.max(0, sinceMicros));
        }
        if (content.isTextual()) {
            text.append(content.textValue());
        }
        if (delta.path("refusal").isTextual()) {
            refusal.append(delta.path("refusal").textValue());
        }
        called.add(delta);
    }

    /// What the whole stream said; empty when it had no choice or no end.
    Optional<Completion> completion() {
        if (!hasChoice || !isDone) {
            return Optional.empty();
        }
        return Optional.of(new Completion(
                (text.isEmpty() ? refusal : text).toString().strip(),
                called.text(),
                model,
                fingerprint,
                new Completion.Usage(tokensIn, tokensOut, firstTokenMicros),
                logprobs,
                Optional.empty()));
    }
}
