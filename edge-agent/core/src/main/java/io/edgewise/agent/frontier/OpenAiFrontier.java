// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.frontier;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.Beside;
import io.edgewise.agent.Chat;
import io.edgewise.agent.FrontierAnswer;
import io.edgewise.agent.FrontierClient;
import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.Reply;
import io.edgewise.agent.Request;
import io.edgewise.agent.openai.Completion;
import io.edgewise.agent.openai.OpenAiEndpoint;
import io.edgewise.agent.openai.OpenAiFailure;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A frontier behind the OpenAI API. A request in the app's own words goes there as it is, but for the
/// model's name where the app cannot know it.
public final class OpenAiFrontier implements FrontierClient {
    private static final String CHAT = "/v1/chat/completions";

    private final OpenAiSettings settings;
    private final OpenAiEndpoint endpoint;
    private final boolean isRenaming;
    private final ObjectMapper json = new ObjectMapper();

    /// The client is shared, not closed; it must not follow redirects.
    public OpenAiFrontier(OpenAiSettings settings, HttpClient http, LongSupplier nanoTime) {
        this(settings, http, nanoTime, false);
    }

    /// One of several: apps name the first one's model, so the others ask for their own.
    public static OpenAiFrontier renaming(OpenAiSettings settings, HttpClient http, LongSupplier nanoTime) {
        return new OpenAiFrontier(settings, http, nanoTime, true);
    }

    private OpenAiFrontier(OpenAiSettings settings, HttpClient http, LongSupplier nanoTime, boolean isRenaming) {
        this.settings = settings;
        this.isRenaming = isRenaming;
        this.endpoint = new OpenAiEndpoint(
                new OpenAiEndpoint.Place("frontier " + settings.provider(), settings.base(), settings.timeout()),
                http,
                nanoTime);
    }

    @Override
    public FrontierAnswer ask(String text) throws FrontierFailure {
        FrontierAnswer answer =
                ask(new OpenAiEndpoint.Question(CHAT, body(text), false, key(), Optional.empty()), Optional.empty());
        // Nobody asked in the API's words, so nobody wants its bytes.
        return new FrontierAnswer(
                answer.label(),
                answer.provider(),
                answer.model(),
                answer.systemFingerprint(),
                answer.spoken().tokensIn(),
                answer.spoken().tokensOut());
    }

    @Override
    public FrontierAnswer ask(Request request) throws FrontierFailure {
        if (request.chat().isEmpty()) {
            return ask(request.text());
        }
        Chat chat = request.chat().get();
        Beside beside = beside(chat);
        return ask(
                new OpenAiEndpoint.Question(
                        beside.behind(chat.path()),
                        isRenaming ? renamed(chat.body()) : chat.body(),
                        chat.isStream(),
                        key().or(chat::authorization),
                        chat.relay(),
                        Optional.empty(),
                        beside.headers()),
                request.chat());
    }

    /// What an app says beside the body is for the vendor that it means; no key of its own beside ours.
    private Beside beside(Chat chat) {
        if (isRenaming) {
            return Beside.NOTHING;
        }
        return settings.apiKey().isPresent() ? chat.beside().keyless() : chat.beside();
    }

    /// Whether an error with this status is the app's own fault: our key and our model's name are not.
    private boolean isOfRequest(int status, Optional<Chat> chat) {
        boolean isAsItCame = chat.isPresent() && !isRenaming;
        return switch (status) {
            case 400, 413, 415, 422 -> true;
            case 401, 403 -> isAsItCame && settings.apiKey().isEmpty();
            case 404 -> isAsItCame;
            default -> false;
        };
    }

    private FrontierAnswer ask(OpenAiEndpoint.Question question, Optional<Chat> chat) throws FrontierFailure {
        try {
            Completion completion = endpoint.ask(question);
            return new FrontierAnswer(
                    completion.text(),
                    settings.provider(),
                    completion.model().isEmpty() ? settings.model() : completion.model(),
                    completion.fingerprint(),
                    completion.spoken());
        } catch (OpenAiFailure e) {
            if (e.reply().isEmpty()) {
                throw new FrontierFailure(e.code(), String.valueOf(e.getMessage()), e);
            }
            Reply reply = e.reply().get();
            throw new FrontierFailure(
                    e.code(), String.valueOf(e.getMessage()), reply, isOfRequest(reply.status(), chat));
        }
    }

    private byte[] renamed(byte[] body) throws FrontierFailure {
        try {
            if (json.readTree(body) instanceof ObjectNode object) {
                return object.put("model", settings.model()).toString().getBytes(StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new FrontierFailure(FrontierFailure.MALFORMED, "the chat is not JSON", e);
        }
        throw new FrontierFailure(FrontierFailure.MALFORMED, "the chat is not a JSON object");
    }

    private Optional<String> key() {
        return settings.apiKey().map(key -> "Bearer " + key);
    }

    private byte[] body(String text) {
        ObjectNode body = json.createObjectNode();
        body.put("model", settings.model());
        ArrayNode messages = body.putArray("messages");
        if (!settings.prompt().isEmpty()) {
            messages.addObject().put("role", "system").put("content", settings.prompt());
        }
        messages.addObject().put("role", "user").put("content", text);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
