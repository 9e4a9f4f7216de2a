// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A server that speaks the OpenAI API as vendors and local servers do, whole or streamed, with what it
/// is told to say: words, one token each, of log-probability -0.5; or a call of a tool. Keeps what it was
/// asked.
final class ChatServer implements AutoCloseable {
    static final String MODEL = "large";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private volatile String text = "";
    /// Name and arguments; the first is empty for words.
    private volatile List<String> call = List.of("", "");
    private volatile long pauseMs;
    private volatile long wordMs;
    private volatile Optional<ObjectNode> timings = Optional.empty();

    ChatServer() throws IOException {
        server.setExecutor(threads);
        server.createContext("/v1/models", exchange -> {
            ObjectNode list = json.createObjectNode();
            list.putArray("data").addObject().put("id", MODEL).put("owned_by", "me");
            send(exchange, 200, "application/json", list.toString());
        });
        server.createContext("/v1/chat/completions", this::chat);
        server.createContext("/v1/embeddings", this::embed);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    ChatServer says(String words) {
        text = words;
        call = List.of("", "");
        return this;
    }

    ChatServer calls(String tool, String arguments) {
        call = List.of(tool, arguments);
        return this;
    }

    /// Says of itself, as llama.cpp does, how many tokens of a prompt and of an answer it does in a second.
    ChatServer measures(double prompt, double answer) {
        timings = Optional.of(
                json.createObjectNode().put("prompt_per_second", prompt).put("predicted_per_second", answer));
        return this;
    }

    ChatServer takes(long millis) {
        pauseMs = millis;
        return this;
    }

    /// Of a streamed answer, each word.
    ChatServer takesForAWord(long millis) {
        wordMs = millis;
        return this;
    }

    List<JsonNode> asked() {
        return List.copyOf(asked);
    }

    private JsonNode taken(HttpExchange exchange) throws IOException {
        JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
        asked.add(body);
        return body;
    }

    private void chat(HttpExchange exchange) throws IOException {
        JsonNode body = taken(exchange);
        pause(pauseMs);
        if (body.path("stream").asBoolean()) {
            stream(exchange);
            return;
        }
        ObjectNode answer = head("chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        if (call.getFirst().isEmpty()) {
            message.put("content", text);
            choice.put("finish_reason", "stop");
            ArrayNode tokens = choice.putObject("logprobs").putArray("content");
            for (String word : words()) {
                token(tokens, word);
            }
        } else {
            message.putNull("content");
            function(message.putArray("tool_calls").addObject(), call.get(0), call.get(1))
                    .put("id", "call_7")
                    .put("type", "function");
            choice.put("finish_reason", "tool_calls");
        }
        answer.putObject("usage")
                .put("prompt_tokens", 11)
                .put("completion_tokens", words().size())
                .put("total_tokens", 11 + words().size());
        timings.ifPresent(told -> answer.set("timings", told));
        send(exchange, 200, "application/json", answer.toString());
    }

    private List<String> words() {
        return List.of(text.split("(?<= )", -1));
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        number(exchange);
        exchange.sendResponseHeaders(200, 0);
        try (exchange;
                OutputStream out = exchange.getResponseBody()) {
            event(out, delta(json.createObjectNode().put("role", "assistant"), false));
            if (call.getFirst().isEmpty()) {
                for (String word : words()) {
                    pause(wordMs);
                    event(out, delta(json.createObjectNode().put("content", word), true));
                }
            } else {
                String arguments = call.get(1);
                int half = arguments.length() / 2;
                event(out, called(call.get(0), "", true));
                event(out, called("", arguments.substring(0, half), false));
                event(out, called("", arguments.substring(half), false));
            }
            ObjectNode last = delta(json.createObjectNode(), false);
            ((ObjectNode) last.path("choices").path(0))
                    .put("finish_reason", call.getFirst().isEmpty() ? "stop" : "tool_calls");
            event(out, last);
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private ObjectNode called(String name, String arguments, boolean isFirst) {
        ObjectNode delta = json.createObjectNode();
        ObjectNode tool = function(delta.putArray("tool_calls").addObject(), name, arguments);
        tool.put("index", 0);
        if (isFirst) {
            tool.put("id", "call_7").put("type", "function");
        }
        return delta(delta, false);
    }

    private static ObjectNode function(ObjectNode tool, String name, String arguments) {
        ObjectNode function = tool.putObject("function");
        if (!name.isEmpty()) {
            function.put("name", name);
        }
        function.put("arguments", arguments);
        return tool;
    }

    private ObjectNode delta(ObjectNode delta, boolean isToken) {
        ObjectNode event = head("chat.completion.chunk");
        ObjectNode choice =
                event.putArray("choices").addObject().put("index", 0).putNull("finish_reason");
        choice.set("delta", delta);
        if (isToken) {
            token(
                    choice.putObject("logprobs").putArray("content"),
                    delta.path("content").asText());
        }
        return event;
    }

    private static void token(ArrayNode tokens, String word) {
        ObjectNode token = tokens.addObject().put("token", word).put("logprob", -0.5);
        token.putArray("top_logprobs");
        token.putNull("bytes");
    }

    private ObjectNode head(String object) {
        return json.createObjectNode()
                .put("id", "chatcmpl-1")
                .put("object", object)
                .put("created", 1_760_000_000)
                .put("model", MODEL);
    }

    private static void event(OutputStream out, ObjectNode event) throws IOException {
        out.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void embed(HttpExchange exchange) throws IOException {
        JsonNode body = taken(exchange);
        ObjectNode answer = json.createObjectNode().put("object", "list").put("model", MODEL);
        ArrayNode data = answer.putArray("data");
        int count = body.path("input").isArray() ? body.path("input").size() : 1;
        for (int i = 0; i < count; i++) {
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", i);
            entry.putArray("embedding").add(0.25).add(-0.5).add(i);
        }
        answer.putObject("usage").put("prompt_tokens", 3).put("total_tokens", 3);
        send(exchange, 200, "application/json", answer.toString());
    }

    /// How long it takes is what is tested.
    private void pause(long millis) {
        try {
            boolean _ = closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// As vendors do, and what else they say in headers.
    private static void number(HttpExchange exchange) {
        exchange.getResponseHeaders().set("X-Request-Id", "req-7");
        exchange.getResponseHeaders().set("X-RateLimit-Remaining-Requests", "59");
        exchange.getResponseHeaders().set("Set-Cookie", "vendor=1");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            number(exchange);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
