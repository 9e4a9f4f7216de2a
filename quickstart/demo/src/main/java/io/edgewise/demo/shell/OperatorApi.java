// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// The server's REST API, as an operator uses it.
final class OperatorApi {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BRIEF = Duration.ofSeconds(2);

    private final HttpClient http;
    private final URI base;
    private final ObjectMapper json = new ObjectMapper();
    private volatile String token = "";

    /// The client is shared, not closed.
    OperatorApi(HttpClient http, URI base) {
        this.http = http;
        this.base = base;
    }

    /// The server makes its token on its first start.
    void authenticate(String operatorToken) {
        token = operatorToken;
    }

    boolean isReady() {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/q/health/ready"))
                .timeout(BRIEF)
                .GET()
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    JsonNode get(String path) throws IOException {
        return exchange(request(path).GET());
    }

    JsonNode put(String path, JsonNode body) throws IOException {
        return exchange(request(path).PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    JsonNode post(String path, JsonNode body) throws IOException {
        return exchange(request(path).POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /// The words of a problem document, or the body as it is.
    private String problem(String body) {
        try {
            JsonNode problem = json.readTree(body);
            return problem.path("detail").isTextual()
                    ? problem.path("title").asText() + ": "
                            + problem.path("detail").asText()
                    : body;
        } catch (JacksonException e) {
            return body;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .timeout(PATIENCE);
    }

    private JsonNode exchange(HttpRequest.Builder builder) throws IOException {
        HttpRequest request = builder.build();
        String call = request.method() + " " + request.uri().getPath();
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during " + call, e);
        }
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    call + " was refused with status " + response.statusCode() + ": " + problem(response.body()));
        }
        return response.body().isBlank() ? json.createObjectNode() : json.readTree(response.body());
    }
}
