// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// Which server to ask, and as whom.
final class Asking {
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:EDGEWISE_SERVER:-http://127.0.0.1:8080}",
            description = "The server (default ${DEFAULT-VALUE}; or EDGEWISE_SERVER).")
    private String server = "";

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds the token; otherwise EDGEWISE_TOKEN, or secrets/operator-token where that is.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(names = "--json", description = "Print the server's answer as it is.")
    private boolean json;

    boolean json() {
        return json;
    }

    ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    JsonNode get(String path) {
        return read(send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString()));
    }

    String text(String path) {
        HttpResponse<String> answer = send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
        requireGood(answer.statusCode(), answer.body());
        return answer.body();
    }

    JsonNode delete(String path) {
        return read(send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString()));
    }

    JsonNode post(String path, String type, String body) {
        return read(send(
                request(path)
                        .header("Content-Type", type)
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString()));
    }

    JsonNode put(String path, String type, String body) {
        return read(send(
                request(path)
                        .header("Content-Type", type)
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString()));
    }

    /// A stream of events from a place on, or from now on where it is empty.
    EventLines events(String path, String place, Duration silence) {
        HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
        if (!place.isEmpty()) {
            request.header("Last-Event-ID", place);
        }
        HttpResponse<Stream<String>> answer = send(request.GET().build(), HttpResponse.BodyHandlers.ofLines());
        if (answer.statusCode() != 200) {
            requireGood(answer.statusCode(), String.join("", answer.body().toList()));
        }
        return new EventLines(answer.body(), silence);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).header("Authorization", "Bearer " + token());
    }

    private URI uri(String path) {
        try {
            return URI.create(server.replaceAll("/+$", "") + path);
        } catch (IllegalArgumentException e) {
            throw new BadInput("--server " + server + " is no address; write http://host:port", e);
        }
    }

    private String token() {
        String given = System.getenv("EDGEWISE_TOKEN");
        if (tokenFile.isEmpty() && given != null && !given.isBlank()) {
            return given.strip();
        }
        Path file = tokenFile.orElse(Path.of("secrets", "operator-token"));
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new BadInput("no token: " + file + " cannot be read; give --token-file, or set EDGEWISE_TOKEN", e);
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            // Closing it would wait for a stream that does not end.
            @SuppressWarnings("resource")
            HttpClient client = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, handler);
        } catch (IOException e) {
            throw new BadInput(server + " does not answer: " + e + "; is the server running?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted", e);
        }
    }

    private static JsonNode read(HttpResponse<String> answer) {
        requireGood(answer.statusCode(), answer.body());
        return parse(answer.body());
    }

    static JsonNode parse(String body) {
        try {
            return body.isBlank() ? MAPPER.createObjectNode() : MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new BadInput("the server's answer is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void requireGood(int status, String body) {
        if (status >= 200 && status < 300) {
            return;
        }
        throw new BadInput("the server says " + status + ", " + problem(body));
    }

    /// What a problem says, or the body as it is where it is none.
    private static String problem(String body) {
        if (body.isBlank()) {
            return "no further word";
        }
        try {
            JsonNode problem = MAPPER.readTree(body);
            return problem.has("title")
                    ? problem.path("title").asText() + ": "
                            + problem.path("detail").asText()
                    : body;
        } catch (JsonProcessingException e) {
            return body;
        }
    }
}
