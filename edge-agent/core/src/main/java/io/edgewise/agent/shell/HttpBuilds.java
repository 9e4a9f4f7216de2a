// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import io.edgewise.agent.builds.BuildSource;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Builds behind plain HTTP files: `{base}/{build}.manifest`, a serialized `Signed`, and
/// `{base}/{sha256}`, by range. Any file server will do, since nothing that it says is believed.
public final class HttpBuilds implements BuildSource {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// A file comes slower than this from nowhere that is worth waiting for.
    private static final long LEAST_BYTES = 64 << 10;

    private static final Duration WITHIN = Duration.ofMinutes(5);
    private static final int LARGEST_MANIFEST = 4 << 20;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-.*");

    private final HttpClient http;
    private final String base;
    private final Optional<String> token;
    private final Duration patience;

    /// The client is shared, not closed; it must not follow redirects. The token goes along as a bearer
    /// token.
    public HttpBuilds(HttpClient http, URI base, Optional<String> token) {
        this(http, base, token, PATIENCE);
    }

    HttpBuilds(HttpClient http, URI base, Optional<String> token, Duration patience) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(base + ": its HTTP client must not follow redirects");
        }
        this.http = http;
        this.patience = patience;
        String text = base.toString();
        this.base = text.endsWith("/") ? text : text + "/";
        this.token = token;
    }

    private HttpRequest.Builder request(String name) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + name)).timeout(patience);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request;
    }

    @Override
    public Optional<Signed> manifest(String build) throws IOException {
        HttpRequest request = request(build + ".manifest").build();
        HttpResponse<byte[]> response =
                waited(request, () -> WholeAnswer.of(http, request, LARGEST_MANIFEST, patience));
        return switch (response.statusCode()) {
            case 200 -> Optional.of(Signed.parseFrom(response.body()));
            case 404 -> Optional.empty();
            default -> throw new IOException(request.uri() + " answered with status " + response.statusCode());
        };
    }

    @Override
    public Part file(String sha256, long from) throws IOException {
        HttpRequest.Builder asked = request(sha256);
        if (from > 0) {
            asked.header("Range", "bytes=" + from + "-");
        }
        HttpRequest request = asked.build();
        HttpResponse<InputStream> response =
                waited(request, () -> http.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        if (response.statusCode() == 200) {
            return new Part(0, patient(response));
        }
        Matcher range =
                RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
        if (response.statusCode() == 206 && range.matches()) {
            return new Part(Long.parseLong(range.group(1)), patient(response));
        }
        response.body().close();
        throw new IOException(response.uri() + " answered with status " + response.statusCode());
    }

    private InputStream patient(HttpResponse<InputStream> response) {
        return new PatientStream(
                response.body(), new PatientStream.Patience(patience, LEAST_BYTES, WITHIN), response.uri());
    }

    private interface Sending<T> {
        HttpResponse<T> answer() throws IOException, InterruptedException;
    }

    private static <T> HttpResponse<T> waited(HttpRequest request, Sending<T> sending) throws IOException {
        try {
            return sending.answer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + request.uri(), e);
        }
    }
}
