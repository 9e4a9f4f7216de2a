// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A chat or a completion as an app asks for it. `text` is what a classifier reads: the last message of the user, or
/// the
/// prompt. `shape` says who can answer it.
public record TextCall(
        boolean isChat,
        String model,
        String text,
        Shape shape,
        boolean isStream,
        boolean wantsUsage,
        int topLogprobs,
        Optional<String> user) {
    /// Without log-probabilities in the answer.
    public static final int NO_LOGPROBS = -1;

    private static final int MOST_LOGPROBS = 20;
    private static final int LONGEST_MODEL = 256;

    /// Who can answer.
    public enum Shape {
        /// A text in, one text out: every arm.
        PLAIN,
        /// It wants tools or a structured answer: only who generates text and is known to do that.
        TOOLS,
        /// Pictures, sound, several choices, or no text at all: the frontier, as it is.
        OTHER
    }

    private static final Set<String> TOOLS = Set.of("tools", "functions", "tool_choice", "response_format");
    private static final Set<String> OF_TOOLS = Set.of("tool", "function");
    private static final Set<String> OTHER =
            Set.of("audio", "modalities", "suffix", "echo", "best_of", "prediction", "web_search_options");

    /// A chat: `/v1/chat/completions`.
    public static TextCall chat(byte[] body) throws ApiFailure {
        ObjectNode call = StrictJson.object(body);
        JsonNode messages = call.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw ApiFailure.invalid("messages", "'messages' must be a list of at least one message.");
        }
        Spoken spoken = spoken(messages);
        return of(true, call, spoken);
    }

    /// A completion: `/v1/completions`.
    public static TextCall completion(byte[] body) throws ApiFailure {
        ObjectNode call = StrictJson.object(body);
        JsonNode prompt = call.path("prompt");
        return of(false, call, new Spoken(prompt.isTextual() ? prompt.textValue() : "", prompt.isTextual(), false));
    }

    private static TextCall of(boolean isChat, ObjectNode call, Spoken spoken) throws ApiFailure {
        String model = call.path("model").asText("");
        if (!call.path("model").isTextual() || model.isBlank() || model.length() > LONGEST_MODEL) {
            throw ApiFailure.invalid("model", "you must provide a model parameter of at most 256 characters");
        }
        boolean isStream = flag(call, "stream");
        boolean wantsUsage = call.path("stream_options").path("include_usage").asBoolean(false);
        return new TextCall(
                isChat,
                model,
                spoken.text(),
                shape(call, spoken),
                isStream,
                wantsUsage,
                isChat ? chatLogprobs(call) : logprobs(call),
                user(call));
    }

    /// `safety_identifier`, formerly `user`.
    private static Optional<String> user(ObjectNode call) {
        return Stream.of("safety_identifier", "user")
                .map(name -> call.path(name).asText(""))
                .filter(user -> !user.isBlank())
                .findFirst();
    }

    private static Shape shape(ObjectNode call, Spoken spoken) {
        boolean isOne = call.path("n").asInt(1) == 1;
        boolean isOther = OTHER.stream().anyMatch(name -> isSet(call, name));
        if (!spoken.isTextOnly() || spoken.text().isBlank() || !isOne || isOther) {
            return Shape.OTHER;
        }
        return spoken.isOfTools() || TOOLS.stream().anyMatch(name -> isSet(call, name)) ? Shape.TOOLS : Shape.PLAIN;
    }

    private static boolean isSet(JsonNode call, String name) {
        JsonNode value = call.path(name);
        boolean isEmpty = value.isMissingNode() || value.isNull() || value.isContainerNode() && value.isEmpty();
        boolean isText = value.path("type").asText("").equals("text")
                || value.isTextual()
                        && (value.textValue().equals("none")
                                || value.textValue().equals("text"));
        boolean isNothing = value.isBoolean() && !value.booleanValue();
        return !isEmpty && !isText && !isNothing;
    }

    private static boolean flag(ObjectNode call, String name) throws ApiFailure {
        JsonNode value = call.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw ApiFailure.invalid(name, "'" + name + "' must be true or false.");
        }
        return value.booleanValue();
    }

    private static int chatLogprobs(ObjectNode call) throws ApiFailure {
        return flag(call, "logprobs") ? count(call, "top_logprobs", 0) : NO_LOGPROBS;
    }

    private static int logprobs(ObjectNode call) throws ApiFailure {
        return count(call, "logprobs", NO_LOGPROBS);
    }

    private static int count(ObjectNode call, String name, int otherwise) throws ApiFailure {
        JsonNode value = call.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || value.asInt(-1) < 0 || value.asInt(-1) > MOST_LOGPROBS) {
            throw ApiFailure.invalid(name, "'" + name + "' must be a whole number from 0 to 20.");
        }
        return value.asInt();
    }

    private record Spoken(String text, boolean isTextOnly, boolean isOfTools) {}

    /// The last message of the user, whether all messages are text, and whether some are about tools
    /// called before.
    private static Spoken spoken(JsonNode messages) throws ApiFailure {
        String last = "";
        boolean isTextOnly = true;
        boolean isOfTools = false;
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            if (!message.isObject() || !message.path("role").isTextual()) {
                throw ApiFailure.invalid(
                        "messages[" + i + "]", "Message " + i + " must be an object with a 'role' and a 'content'.");
            }
            JsonNode content = message.path("content");
            isTextOnly &= isText(content);
            isOfTools |= OF_TOOLS.contains(message.path("role").asText()) || isSet(message, "tool_calls");
            if (message.path("role").asText().equals("user")) {
                last = text(content);
            }
        }
        return new Spoken(last, isTextOnly, isOfTools);
    }

    private static boolean isText(JsonNode content) {
        if (content.isTextual() || content.isNull() || content.isMissingNode()) {
            return true;
        }
        for (JsonNode part : content) {
            if (!part.path("type").asText("").equals("text")) {
                return false;
            }
        }
        return content.isArray();
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asText(""));
        }
        return text.toString();
    }
}
