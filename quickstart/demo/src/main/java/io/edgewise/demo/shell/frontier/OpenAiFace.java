// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell.frontier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// OpenAI's chat completions, for a classifier: the last user message is the request, the content is one label.
/// Tokens are counted as words. A stream brings the label word by word.
final class OpenAiFace {
    private static final double HOTTEST = 2;
    private static final int LONGEST_TEXT = 32_768;

    private final FrontierModel model;
    private final InstantSource clock;
    private final ObjectMapper json;
    private final AtomicLong answered = new AtomicLong();

    OpenAiFace(FrontierModel model, InstantSource clock, ObjectMapper json) {
        this.model = model;
        this.clock = clock;
        this.json = json;
    }

    ObjectNode models() {
        ObjectNode list = json.createObjectNode().put("object", "list");
        list.putArray("data")
                .add(json.createObjectNode()
                        .put("id", model.name())
                        .put("object", "model")
                        .put("created", 0)
                        .put("owned_by", "edgewise-demo"));
        return list;
    }

    static boolean isStream(JsonNode request) {
        return request.path("stream").isBoolean() && request.path("stream").booleanValue();
    }

    ObjectNode complete(JsonNode request) throws Refused {
        if (!request.isObject()) {
            throw Refused.invalid(null, "The body must be a JSON object.");
        }
        requireModel(request.path("model"));
        requirePlain(request);
        OptionalDouble temperature = temperature(request.path("temperature"));
        String text = lastUserText(request.path("messages"));
        FrontierModel.Choice choice = model.answer(text, temperature);
        return completion(choice.label(), promptWords(request.path("messages")));
    }

    private void requireModel(JsonNode name) throws Refused {
        if (!name.isTextual()) {
            throw Refused.invalid("model", "you must provide a model parameter");
        }
        if (!name.textValue().equals(model.name())) {
            throw Refused.noModel(name.textValue(), model.name());
        }
    }

    private static void requirePlain(JsonNode request) throws Refused {
        if (request.has("stream") && !request.path("stream").isBoolean()) {
            throw Refused.invalid("stream", "'stream' must be true or false.");
        }
        if (request.path("n").asInt(1) != 1) {
            throw Refused.invalid("n", "This server gives one choice; 'n' must be 1.");
        }
    }

    private static OptionalDouble temperature(JsonNode asked) throws Refused {
        if (asked.isMissingNode() || asked.isNull()) {
            return OptionalDouble.empty();
        }
        if (!asked.isNumber() || !(asked.doubleValue() >= 0 && asked.doubleValue() <= HOTTEST)) {
            throw Refused.invalid("temperature", "'temperature' must be a number from 0 to 2, not " + asked + ".");
        }
        return OptionalDouble.of(asked.doubleValue());
    }

    private static String lastUserText(JsonNode messages) throws Refused {
        if (!messages.isArray() || messages.isEmpty()) {
            throw Refused.invalid("messages", "'messages' must be a list of at least one message.");
        }
        for (int i = messages.size() - 1; i >= 0; i--) {
            JsonNode message = messages.get(i);
            if (message.path("role").asText().equals("user")) {
                String text = text(message.path("content"));
                if (text.isBlank() || text.length() > LONGEST_TEXT) {
                    throw Refused.invalid(
                            "messages[" + i + "].content",
                            "The content must be a text of 1 to " + LONGEST_TEXT + " characters.");
                }
                return text;
            }
        }
        throw Refused.invalid("messages", "'messages' must hold a message of role 'user'.");
    }

    /// A content is a text, or a list of parts of which the texts count.
    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("type").asText().equals("text")) {
                text.append(part.path("text").asText());
            }
        }
        return text.toString();
    }

    private ObjectNode completion(String label, int promptWords) {
        ObjectNode answer = json.createObjectNode();
        answer.put("id", "chatcmpl-demo-" + answered.incrementAndGet());
        answer.put("object", "chat.completion");
        answer.put("created", clock.instant().getEpochSecond());
        answer.put("model", model.name());
        answer.put("system_fingerprint", model.fingerprint());
        ObjectNode choice = answer.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", label)
                .putNull("refusal");
        choice.putNull("logprobs");
        choice.put("finish_reason", "stop");
        answer.putObject("usage")
                .put("prompt_tokens", promptWords)
                .put("completion_tokens", 1)
                .put("total_tokens", promptWords + 1);
        return answer;
    }

    /// The events of a stream that says the same as this completion, without what frames them.
    List<ObjectNode> events(ObjectNode completion, boolean withUsage) {
        List<ObjectNode> events = new ArrayList<>();
        String label = completion.at("/choices/0/message/content").asText();
        events.add(event(completion, delta -> delta.put("role", "assistant").put("content", "")));
        for (String piece : label.split("(?<=_)")) {
            events.add(event(completion, delta -> delta.put("content", piece)));
        }
        ObjectNode last = event(completion, delta -> {});
        ((ObjectNode) last.at("/choices/0")).put("finish_reason", "stop");
        events.add(last);
        if (withUsage) {
            ObjectNode usage = event(completion, delta -> {});
            usage.putArray("choices");
            usage.set("usage", completion.path("usage"));
            events.add(usage);
        }
        return events;
    }

    private ObjectNode event(ObjectNode completion, Consumer<ObjectNode> said) {
        ObjectNode event = json.createObjectNode();
        for (String same : List.of("id", "created", "model", "system_fingerprint")) {
            event.set(same, completion.path(same));
        }
        event.put("object", "chat.completion.chunk");
        ObjectNode choice =
                event.putArray("choices").addObject().put("index", 0).putNull("finish_reason");
        said.accept(choice.putObject("delta"));
        return event;
    }

    private static int promptWords(JsonNode messages) {
        int words = 0;
        for (JsonNode message : messages) {
            String text = text(message.path("content")).strip();
            words += text.isEmpty() ? 0 : text.split("\\s+").length;
        }
        return words;
    }

    ObjectNode error(Refused refused) {
        ObjectNode answer = json.createObjectNode();
        answer.putObject("error")
                .put("message", refused.getMessage())
                .put("type", refused.type())
                .put("param", refused.param())
                .put("code", refused.code());
        return answer;
    }
}
