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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    /// Headers of an answer that clients act on: when to come again, what is left, and what to ask the vendor about.
    private static final Set<String> TOLD =
            Set.of("retry-after", "retry-after-ms", "x-should-retry", "x-request-id", "openai-processing-ms");

    private static final String LIMITS = "x-ratelimit-";

    private final String name;
    private final String base;
    private final Duration timeout;
    private final HttpClient http;
    private final LongSupplier nanoTime;

    /// Where the server is: `base` is what stands before "/v1/…". The timeout covers a request until the last byte of
    /// its answer; of a stream until its first event, and then each wait for what comes next.
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

    /// One question. Without a relay a stream is read to its end all the same. `limit` is when it is given up, if
    /// sooner than by the server's timeout; `headers` are the app's own.
    @SuppressWarnings("ArrayRecordComponent")
    public record Question(
            String path,
            byte[] body,
            boolean isStream,
            Optional<String> authorization,
            Optional<Relay> relay,
            Optional<Duration> limit,
            Map<String, List<String>> headers) {
        public Question(
                String path, byte[] body, boolean isStream, Optional<String> authorization, Optional<Relay> relay) {
            this(path, body, isStream, authorization, relay, Optional.empty(), Map.of());
        }

        Question with(Optional<String> key) {
            return new Question(path, body, isStream, key, relay, limit, headers);
        }

        Question within(Duration sooner) {
            return new Question(path, body, isStream, authorization, relay, Optional.of(sooner), headers);
        }
    }

    /// A request that is waited for, since when and how long.
    private record Call(HttpRequest request, Duration limit, long since) {}

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
                .POST(HttpRequest.BodyPublishers.ofByteArray(question.body()));
        question.headers().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        question.authorization().ifPresent(value -> request.setHeader("Authorization", value));
        Duration limit =
                question.limit().filter(sooner -> sooner.compareTo(timeout) < 0).orElse(timeout);
        return exchange(new Call(request.build(), limit, nanoTime.getAsLong()), question);
    }

    /// The body of `GET {path}`.
    public byte[] get(String path, Optional<String> authorization) throws OpenAiFailure {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Accept", "application/json")
                .GET();
        authorization.ifPresent(value -> request.header("Authorization", value));
        Call call = new Call(request.build(), timeout, nanoTime.getAsLong());
        HttpResponse<Parts> response = open(call);
        try (Parts parts = response.body()) {
            byte[] body = whole(call, parts);
            if (response.statusCode() != 200) {
                throw refused(call, response, body);
            }
            return body;
        }
    }

    private Completion exchange(Call call, Question question) throws OpenAiFailure {
        HttpResponse<Parts> response = open(call);
        try (Parts parts = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(call, response, whole(call, parts));
            }
            if (question.isStream() && contentType(response).startsWith("text/event-stream")) {
                return stream(call, response, question.relay());
            }
            byte[] body = whole(call, parts);
            Reply reply = reply(response, body);
            return CompletionReader.read(body, reply)
                    .orElseThrow(() -> new OpenAiFailure(
                            FrontierFailure.MALFORMED,
                            describe(call, "answered 200 without a completion in choices[0]"),
                            CompletionReader.isChoice(body) ? Optional.of(reply) : Optional.empty()));
        }
    }

    private HttpResponse<Parts> open(Call call) throws OpenAiFailure {
        CompletableFuture<HttpResponse<Parts>> response = http.sendAsync(call.request(), _ -> new Parts());
        try {
            return response.get(left(call), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw late(call, e);
        } catch (InterruptedException e) {
            response.cancel(true);
            throw interrupted(call, e);
        } catch (ExecutionException e) {
            throw failure(call, e.getCause() == null ? e : e.getCause());
        }
    }

    private byte[] whole(Call call, Parts parts) throws OpenAiFailure {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Optional<byte[]> part = next(call, parts);
        while (part.isPresent()) {
            if (body.size() + part.get().length > MOST_BYTES) {
                throw malformed(call, "answered with more than " + MOST_BYTES + " bytes");
            }
            body.writeBytes(part.get());
            part = next(call, parts);
        }
        return body.toByteArray();
    }

    /// From the first event on nobody else can be asked, so a limit to the whole would only cut the answer
    /// off: what is limited is how long nothing comes, without the time that the app takes to read.
    private Completion stream(Call call, HttpResponse<Parts> response, Optional<Relay> relay) throws OpenAiFailure {
        Parts parts = response.body();
        boolean isHeard = false;
        StreamReader reader = new StreamReader(MOST_BYTES);
        Call waited = call;
        Optional<byte[]> part = next(waited, parts);
        while (part.isPresent()) {
            boolean isSound = reader.read(part.get(), (nanoTime.getAsLong() - call.since()) / 1_000);
            if (!isSound) {
                throw malformed(call, "sent an error or no event where the next event of its stream should be");
            }
            byte[] released = reader.released();
            if (!isHeard && released.length > 0) {
                relay.ifPresent(app -> app.told(told(response)));
                isHeard = true;
            }
            pass(call, relay, released);
            if (reader.begun()) {
                waited = new Call(call.request(), timeout, nanoTime.getAsLong());
            }
            part = next(waited, parts);
        }
        return reader.completion()
                .orElseThrow(() -> malformed(call, "ended its stream without a choice, or before [DONE]"));
    }

    private void pass(Call call, Optional<Relay> relay, byte[] bytes) throws OpenAiFailure {
        if (relay.isEmpty() || bytes.length == 0) {
            return;
        }
        try {
            relay.get().write(bytes);
        } catch (IOException e) {
            throw new OpenAiFailure(FrontierFailure.IO, describe(call, "was answering, but its app went away"), e);
        }
    }

    private Optional<byte[]> next(Call call, Parts parts) throws OpenAiFailure {
        try {
            return parts.next(left(call));
        } catch (TimeoutException e) {
            throw late(call, e);
        } catch (InterruptedException e) {
            throw interrupted(call, e);
        } catch (IOException e) {
            throw failure(call, e.getCause() == null ? e : e.getCause());
        }
    }

    private long left(Call call) {
        return call.limit().toNanos() - (nanoTime.getAsLong() - call.since());
    }

    private static Map<String, String> told(HttpResponse<?> response) {
        Map<String, String> told = new TreeMap<>();
        response.headers().map().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (TOLD.contains(lower) || lower.startsWith(LIMITS)) {
                told.put(lower, values.getFirst());
            }
        });
        return told;
    }

    private static Reply reply(HttpResponse<?> response, byte[] body) {
        return new Reply(response.statusCode(), contentType(response), body, told(response));
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("application/json");
    }

    private OpenAiFailure refused(Call call, HttpResponse<?> response, byte[] body) {
        int status = response.statusCode();
        return new OpenAiFailure(
                status == 429 ? "rate_limited" : "http_" + status / 100 + "xx",
                describe(call, "answered with HTTP status " + status),
                Optional.of(reply(response, body)));
    }

    private OpenAiFailure malformed(Call call, String what) {
        return new OpenAiFailure(FrontierFailure.MALFORMED, describe(call, what), Optional.empty());
    }

    private OpenAiFailure late(Call call, Throwable cause) {
        return new OpenAiFailure(
                FrontierFailure.TIMEOUT, describe(call, "did not answer within " + call.limit()), cause);
    }

    private OpenAiFailure interrupted(Call call, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new OpenAiFailure(FrontierFailure.IO, describe(call, "was not waited for: interrupted"), cause);
    }

    private OpenAiFailure failure(Call call, Throwable cause) {
        return switch (cause) {
            case java.net.http.HttpConnectTimeoutException e -> unreachable(call, e.getMessage(), e);
            case java.net.http.HttpTimeoutException e -> late(call, e);
            case ConnectException e -> unreachable(call, e.getMessage(), e);
            case UnresolvedAddressException e -> unreachable(call, "unknown host", e);
            case IllegalArgumentException e -> unreachable(call, "its address cannot be used", e);
            default -> new OpenAiFailure(FrontierFailure.IO, describe(call, "broke off: " + cause), cause);
        };
    }

    private OpenAiFailure unreachable(Call call, @Nullable String why, Throwable cause) {
        return new OpenAiFailure(
                FrontierFailure.UNREACHABLE,
                describe(call, "cannot be reached: " + (why == null ? "nothing listens there" : why)),
                cause);
    }

    private String describe(Call call, String what) {
        // Without the query, which may hold a key.
        return name + " at " + call.request().uri().toString().replaceFirst("\\?.*", "") + " " + what;
    }
}
