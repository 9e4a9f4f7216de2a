// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.Relay;
import io.edgewise.agent.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One server that speaks the OpenAI API. Whatever is not a well-formed completion is a failure with a code, never an
/// answer. Follows no redirects. Thread-safe.
public final class OpenAiEndpoint {
    private static final int MOST_BYTES = 8 << 20;

    private final String name;
    private final String base;
    private final Duration timeout;
    private final HttpClient http;
    private final LongSupplier nanoTime;

    /// Where the server is: `base` is what stands before "/v1/…". The timeout covers a request until the last byte of
    /// its answer.
    public record Place(String name, URI base, Duration timeout) {
        public Place {
            String scheme = base.getScheme();
            if (scheme == null || !(scheme.equals("https") || scheme.equals("http")) || base.getHost() == null) {
                throw new IllegalArgumentException(
                        name + ": \"" + base + "\" is not an http or https address with a host");
            }
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException(name + ": timeout " + timeout + " must be positive");
            }
        }
    }

    /// One question. Without a relay a stream is read to its end all the same.
    @SuppressWarnings("ArrayRecordComponent")
    public record Question(
            String path, byte[] body, boolean isStream, Optional<String> authorization, Optional<Relay> relay) {}

    /// The client is shared, not closed; it must not follow redirects.
    public OpenAiEndpoint(Place place, HttpClient http, LongSupplier nanoTime) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(place.name() + ": its HTTP client must not follow redirects");
        }
        this.name = place.name();
        String text = place.base().toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.timeout = place.timeout();
        this.http = http;
        this.nanoTime = nanoTime;
    }

    public Completion ask(Question question) throws OpenAiFailure {
        URI address = URI.create(base + question.path());
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Accept", question.isStream() ? "text/event-stream" : "application/json")
                .timeout(timeout)
                .POST(HttpRequest.BodyPublishers.ofByteArray(question.body()));
        question.authorization().ifPresent(value -> request.header("Authorization", value));
        return exchange(request.build(), question);
    }

    /// The body of `GET {path}`.
    public byte[] get(String path, Optional<String> authorization) throws OpenAiFailure {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Accept", "application/json")
                .timeout(timeout)
                .GET();
        authorization.ifPresent(value -> request.header("Authorization", value));
        HttpRequest asked = request.build();
        long start = nanoTime.getAsLong();
        HttpResponse<Parts> response = open(asked, start);
        try (Parts parts = response.body()) {
            byte[] body = whole(asked, parts, start);
            if (response.statusCode() != 200) {
                throw refused(asked, response, body);
            }
            return body;
        }
    }

    private Completion exchange(HttpRequest request, Question question) throws OpenAiFailure {
        long start = nanoTime.getAsLong();
        HttpResponse<Parts> response = open(request, start);
        try (Parts parts = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(request, response, whole(request, parts, start));
            }
            if (question.isStream() && contentType(response).startsWith("text/event-stream")) {
                return stream(request, parts, start, question.relay());
            }
            byte[] body = whole(request, parts, start);
            Reply reply = new Reply(200, contentType(response), body);
            return CompletionReader.read(body, reply)
                    .orElseThrow(() -> new OpenAiFailure(
                            FrontierFailure.MALFORMED,
                            describe(request, "answered 200 without a completion in choices[0]"),
                            CompletionReader.isChoice(body) ? Optional.of(reply) : Optional.empty()));
        }
    }

    private HttpResponse<Parts> open(HttpRequest request, long start) throws OpenAiFailure {
        CompletableFuture<HttpResponse<Parts>> response = http.sendAsync(request, _ -> new Parts());
        try {
            return response.get(left(start), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw late(request, e);
        } catch (InterruptedException e) {
            response.cancel(true);
            throw interrupted(request, e);
        } catch (ExecutionException e) {
            throw failure(request, e.getCause() == null ? e : e.getCause());
        }
    }

    private byte[] whole(HttpRequest request, Parts parts, long start) throws OpenAiFailure {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Optional<byte[]> part = next(request, parts, start);
        while (part.isPresent()) {
            if (body.size() + part.get().length > MOST_BYTES) {
                throw malformed(request, "answered with more than " + MOST_BYTES + " bytes");
            }
            body.writeBytes(part.get());
            part = next(request, parts, start);
        }
        return body.toByteArray();
    }

    private Completion stream(HttpRequest request, Parts parts, long start, Optional<Relay> relay)
            throws OpenAiFailure {
        StreamReader reader = new StreamReader(MOST_BYTES);
        Optional<byte[]> part = next(request, parts, start);
        while (part.isPresent()) {
            boolean isSound = reader.read(part.get(), (nanoTime.getAsLong() - start) / 1_000);
            if (!isSound) {
                throw malformed(request, "sent an error or no event where the next event of its stream should be");
            }
            pass(request, relay, reader.released());
            part = next(request, parts, start);
        }
        return reader.completion()
                .orElseThrow(() -> malformed(request, "ended its stream without a choice, or before [DONE]"));
    }

    private void pass(HttpRequest request, Optional<Relay> relay, byte[] bytes) throws OpenAiFailure {
        if (relay.isEmpty() || bytes.length == 0) {
            return;
        }
        try {
            relay.get().write(bytes);
        } catch (IOException e) {
            throw new OpenAiFailure(FrontierFailure.IO, describe(request, "was answering, but its app went away"), e);
        }
    }

    private Optional<byte[]> next(HttpRequest request, Parts parts, long start) throws OpenAiFailure {
        try {
            return parts.next(left(start));
        } catch (TimeoutException e) {
            throw late(request, e);
        } catch (InterruptedException e) {
            throw interrupted(request, e);
        } catch (IOException e) {
            throw failure(request, e.getCause() == null ? e : e.getCause());
        }
    }

    private long left(long start) {
        return timeout.toNanos() - (nanoTime.getAsLong() - start);
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("application/json");
    }

    private OpenAiFailure refused(HttpRequest request, HttpResponse<?> response, byte[] body) {
        int status = response.statusCode();
        return new OpenAiFailure(
                status == 429 ? "rate_limited" : "http_" + status / 100 + "xx",
                describe(request, "answered with HTTP status " + status),
                Optional.of(new Reply(status, contentType(response), body)));
    }

    private OpenAiFailure malformed(HttpRequest request, String what) {
        return new OpenAiFailure(FrontierFailure.MALFORMED, describe(request, what), Optional.empty());
    }

    private OpenAiFailure late(HttpRequest request, Throwable cause) {
        return new OpenAiFailure(FrontierFailure.TIMEOUT, describe(request, "did not answer within " + timeout), cause);
    }

    private OpenAiFailure interrupted(HttpRequest request, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new OpenAiFailure(FrontierFailure.IO, describe(request, "was not waited for: interrupted"), cause);
    }

    private OpenAiFailure failure(HttpRequest request, Throwable cause) {
        return switch (cause) {
            case java.net.http.HttpConnectTimeoutException e -> unreachable(request, e.getMessage(), e);
            case java.net.http.HttpTimeoutException e -> late(request, e);
            case ConnectException e -> unreachable(request, e.getMessage(), e);
            case UnresolvedAddressException e -> unreachable(request, "unknown host", e);
            case IllegalArgumentException e -> unreachable(request, "its address cannot be used", e);
            default -> new OpenAiFailure(FrontierFailure.IO, describe(request, "broke off: " + cause), cause);
        };
    }

    private OpenAiFailure unreachable(HttpRequest request, @Nullable String why, Throwable cause) {
        return new OpenAiFailure(
                FrontierFailure.UNREACHABLE,
                describe(request, "cannot be reached: " + (why == null ? "nothing listens there" : why)),
                cause);
    }

    private String describe(HttpRequest request, String what) {
        return name + " at " + request.uri() + " " + what;
    }
}
