// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/// A server that speaks the wire of OpenAI's chat completions, and answers as a test wants.
public final class StubJudge implements AutoCloseable {
    /// An answer: status and body.
    public record Answer(int status, String body) {}

    private final HttpServer server;
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();

    /// `answer` gets the body of the question, and how many came before it.
    public StubJudge(BiFunction<String, Integer, Answer> answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", exchange -> handle(exchange, answer));
        server.start();
    }

    /// That prefers an answer by its text, in whichever place.
    public static StubJudge preferring(String text) throws IOException {
        return new StubJudge(
                (body, before) -> said(body.contains("\\\"answer_1\\\":\\\"" + text + "\\\"") ? "1" : "2"));
    }

    public static Answer said(String verdict) {
        return content("{\\\"verdict\\\": \\\"" + verdict + "\\\"}", "stop");
    }

    /// `content` stands between the quotes of a JSON string.
    public static Answer content(String content, String finish) {
        return new Answer(200, """
                {"id": "1", "object": "chat.completion", "model": "judge-7b-0613", "system_fingerprint": "fp_1",
                 "choices": [{"index": 0, "message": {"role": "assistant", "content": "%s"}, "finish_reason": "%s"}],
                 "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}""".formatted(content, finish));
    }

    private void handle(HttpExchange exchange, BiFunction<String, Integer, Answer> answer) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int before = bodies.size();
        bodies.add(body);
        keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Answer said = answer.apply(body, before);
        byte[] bytes = said.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(said.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /// What it was asked, in order.
    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    public List<String> keys() {
        return List.copyOf(keys);
    }

    public Map<String, String> config() {
        Map<String, String> config = new HashMap<>();
        config.put(
                "edgewise.judge.url", "http://localhost:" + server.getAddress().getPort() + "/v1/");
        config.put("edgewise.judge.http-loopback", "true");
        config.put("edgewise.judge.model", "judge-7b");
        config.put("edgewise.judge.key", "secret-of-the-judge");
        config.put("edgewise.judge.per-minute", "60000");
        config.put("edgewise.judge.look-back", "PT1H");
        config.put("edgewise.judge.timeout", "PT5S");
        config.put("edgewise.judge.price.input-per-million", "0.15");
        config.put("edgewise.judge.price.output-per-million", "0.60");
        return config;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
