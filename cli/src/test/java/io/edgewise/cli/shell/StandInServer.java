// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A server that speaks the wire and writes down what it was asked. That the real one answers so is the server's own
/// test.
final class StandInServer implements BeforeEachCallback, AfterEachCallback {
    static final String TOKEN = "secret-1";

    /// As it came: `line` is method, path with query, and body.
    record Asked(String line, String authorization, String key, String type) {}

    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, HttpHandler> answers = new ConcurrentHashMap<>();
    private final HttpServer http;
    private final Path token;

    StandInServer() {
        try {
            token = Files.writeString(Files.createTempFile("edgewise-token", ""), TOKEN + "\n");
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::answer);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        http.start();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        http.stop(0);
        Files.deleteIfExists(token);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.setStreams(new ByteArrayInputStream(body), null);
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(new Asked(
                (call + " " + new String(body, StandardCharsets.UTF_8)).strip(),
                header(exchange, "Authorization"),
                header(exchange, "Idempotency-Key"),
                header(exchange, "Content-Type")));
        answers.getOrDefault(call, longest(exchange.getRequestURI().getPath())).handle(exchange);
        // Not where the handler breaks off: the connection breaks with it.
        exchange.close();
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /// Of the paths laid out the longest that this one begins with.
    private HttpHandler longest(String path) {
        return answers.entrySet().stream()
                .filter(each -> path.startsWith(each.getKey()))
                .max(Map.Entry.comparingByKey(Comparator.comparingInt(String::length)))
                .map(Map.Entry::getValue)
                .orElse(exchange -> write(exchange, 404, "{\"title\":\"no such route\",\"detail\":\"" + path + "\"}"));
    }

    /// `call` is a method with a path and its query, or what paths begin with.
    StandInServer on(String call, HttpHandler handler) {
        answers.put(call, handler);
        return this;
    }

    StandInServer on(String call, int status, String body) {
        return on(call, exchange -> write(exchange, status, body));
    }

    static void write(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    String url() {
        return "http://localhost:" + http.getAddress().getPort();
    }

    Path token() {
        return token;
    }

    void stop() {
        http.stop(0);
    }

    /// The command with this server and its token.
    Run run(String... command) {
        List<String> words = new ArrayList<>(Arrays.asList(command));
        words.addAll(List.of("--server", url(), "--token-file", token.toString()));
        return Run.of(words.toArray(String[]::new));
    }

    /// What was asked so far.
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<String> lines() {
        return asked().stream().map(Asked::line).toList();
    }
}
