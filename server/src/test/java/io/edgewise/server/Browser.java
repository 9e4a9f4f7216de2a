// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/// Speaks HTTP to the server under test. Follows no redirects and keeps no credentials.
final class Browser {
    private final HttpClient client;

    Browser() {
        this(HttpClient.Version.HTTP_1_1);
    }

    Browser(HttpClient.Version version) {
        client = HttpClient.newBuilder().version(version).build();
    }

    static URI base() {
        return URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
    }

    HttpResponse<String> get(String path) {
        return get(path, Map.of());
    }

    HttpResponse<String> get(String path, Map<String, String> headers) {
        return send("GET", path, headers, BodyPublishers.noBody(), BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(String path, Map<String, String> headers) {
        return send("GET", path, headers, BodyPublishers.noBody(), BodyHandlers.ofByteArray());
    }

    HttpResponse<String> post(String path, String type, byte[] body, Map<String, String> headers) {
        return send("POST", path, type, body, headers);
    }

    HttpResponse<String> put(String path, String type, byte[] body, Map<String, String> headers) {
        return send("PUT", path, type, body, headers);
    }

    private HttpResponse<String> send(
            String method, String path, String type, byte[] body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", type);
        return send(method, path, all, BodyPublishers.ofByteArray(body), BodyHandlers.ofString());
    }

    HttpResponse<String> call(String method, String path, Map<String, String> headers) {
        return send(method, path, headers, BodyPublishers.noBody(), BodyHandlers.ofString());
    }

    /// Only how it is answered: some answers do not end.
    int status(String method, String path, Map<String, String> headers) {
        HttpResponse<InputStream> answer =
                send(method, path, headers, BodyPublishers.noBody(), BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            return body == null ? 0 : answer.statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The rest of the first line that begins so, of an answer that does not end.
    String line(String path, Map<String, String> headers, String start) {
        try (Stream<String> lines = send("GET", path, headers, BodyPublishers.noBody(), BodyHandlers.ofLines())
                .body()) {
            return lines.filter(line -> line.startsWith(start))
                    .findFirst()
                    .orElseThrow()
                    .substring(start.length());
        }
    }

    HttpResponse<String> call(String method, String path, Map<String, String> headers, String body) {
        return send(method, path, headers, BodyPublishers.ofString(body), BodyHandlers.ofString());
    }

    private <T> HttpResponse<T> send(
            String method,
            String path,
            Map<String, String> headers,
            HttpRequest.BodyPublisher body,
            BodyHandler<T> handler) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base().resolve(path)).method(method, body);
        headers.forEach(request::header);
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
