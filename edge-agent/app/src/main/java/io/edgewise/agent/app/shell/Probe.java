// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/// Asks an address once. Empty where nobody answers in time.
record Probe(HttpClient http, Duration patience) {
    static String trimmed(URI base) {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    Optional<HttpResponse<String>> get(URI address, Optional<String> authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return send(request);
    }

    Optional<HttpResponse<String>> send(HttpRequest.Builder request) {
        try {
            return Optional.of(http.send(request.timeout(patience).build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
