// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/// The server's REST interface. Redirects are not followed: the token is for this server.
final class Server implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration FIRST_BYTE = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int LONGEST_PROBLEM = 8_192;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final URI base;
    private final String token;

    Server(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /// The answer's body as it comes. What ends early fails when it is read.
    InputStream get(String path, Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .map(each -> each.getKey() + '=' + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(base + path + parameters))
                    .header("Authorization", "Bearer " + token)
                    .timeout(FIRST_BYTE)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new BadInput("the token is none: it holds characters that no token has.", e);
        }
        try {
            HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
            if (answer.statusCode() != OK) {
                throw refused(answer);
            }
            return answer.body();
        } catch (ConnectException e) {
            throw new BadInput("nobody answers at " + base + "; does the server run, and is --server right?", e);
        } catch (IOException e) {
            throw new BadInput("the server at " + base + " did not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted.", e);
        }
    }

    private BadInput refused(HttpResponse<InputStream> answer) throws IOException {
        int status = answer.statusCode();
        if (status == UNAUTHORIZED) {
            return new BadInput(
                    "the server at " + base + " does not know the token; EDGEWISE_TOKEN or --token-file must "
                            + "be that of its secrets/operator-token.");
        }
        String body;
        try (InputStream in = answer.body()) {
            body = new String(in.readNBytes(LONGEST_PROBLEM), StandardCharsets.UTF_8);
        }
        return new BadInput("the server at " + base + " answered " + status + ": " + problem(body));
    }

    /// What a problem says, or what stands there instead.
    private static String problem(String body) {
        try {
            JsonNode problem = new ObjectMapper().readTree(body);
            if (problem != null && problem.has("title")) {
                return problem.path("title").asText() + ": "
                        + problem.path("detail").asText() + ".";
            }
        } catch (JsonProcessingException e) {
            return body.lines().findFirst().orElse("");
        }
        return body.isBlank() ? "nothing more." : body.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
