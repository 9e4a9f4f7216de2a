// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.frontier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.FrontierAnswer;
import io.edgewise.agent.FrontierClient;
import io.edgewise.agent.FrontierFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A frontier behind the OpenAI chat completions API. Whatever is not a well-formed completion is a failure with a
/// code, never an answer. Follows no redirects.
public final class OpenAiFrontier implements FrontierClient {
    private static final int MOST_BYTES = 1 << 20;

    private final OpenAiSettings settings;
    private final HttpClient http;
    private final URI address;
    private final ObjectMapper json = new ObjectMapper();

    /// The client is shared, not closed; it must not follow redirects.
    public OpenAiFrontier(OpenAiSettings settings, HttpClient http) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(
                    "frontier " + settings.provider() + ": its HTTP client must not follow redirects");
        }
        this.settings = settings;
        this.http = http;
        String base = settings.base().toString();
        this.address =
                URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/v1/chat/completions");
    }

    @Override
    public FrontierAnswer ask(String text) throws FrontierFailure {
        HttpResponse<byte[]> response = exchange(request(text));
        int status = response.statusCode();
        if (status != 200) {
            throw new FrontierFailure(code(status), describe("answered with HTTP status " + status));
        }
        return parse(response.body());
    }

    private HttpRequest request(String text) {
        ObjectNode body = json.createObjectNode();
        body.put("model", settings.model());
        body.putArray("messages")
                .add(json.createObjectNode().put("role", "system").put("content", settings.prompt()))
                .add(json.createObjectNode().put("role", "user").put("content", text));
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .timeout(settings.timeout())
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        settings.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request.build();
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws FrontierFailure {
        CompletableFuture<HttpResponse<byte[]>> response = http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return response.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new FrontierFailure(
                    FrontierFailure.TIMEOUT, describe("did not answer within " + settings.timeout()), e);
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new FrontierFailure(FrontierFailure.IO, describe("was not waited for: interrupted"), e);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        }
    }

    private FrontierFailure failure(Throwable cause) {
        return switch (cause) {
            case java.net.http.HttpConnectTimeoutException e ->
                new FrontierFailure(FrontierFailure.UNREACHABLE, describe("cannot be reached: " + e.getMessage()), e);
            case java.net.http.HttpTimeoutException e ->
                new FrontierFailure(
                        FrontierFailure.TIMEOUT, describe("did not answer within " + settings.timeout()), e);
            case ConnectException e ->
                new FrontierFailure(FrontierFailure.UNREACHABLE, describe("cannot be reached: " + e.getMessage()), e);
            case UnresolvedAddressException e ->
                new FrontierFailure(FrontierFailure.UNREACHABLE, describe("cannot be reached: unknown host"), e);
            default -> new FrontierFailure(FrontierFailure.IO, describe("broke off: " + cause), cause);
        };
    }

    private FrontierAnswer parse(byte[] body) throws FrontierFailure {
        JsonNode answer;
        try {
            answer = json.readTree(body);
        } catch (IOException e) {
            throw new FrontierFailure(FrontierFailure.MALFORMED, describe("answered 200 with what is not JSON"), e);
        }
        JsonNode content = answer.path("choices").path(0).path("message").path("content");
        if (answer.has("error") || !content.isTextual() || content.textValue().isBlank()) {
            throw new FrontierFailure(
                    FrontierFailure.MALFORMED, describe("answered 200 without a text in choices[0].message.content"));
        }
        JsonNode usage = answer.path("usage");
        String model = answer.path("model").asText();
        return new FrontierAnswer(
                content.textValue().strip(),
                settings.provider(),
                model.isEmpty() ? settings.model() : model,
                answer.path("system_fingerprint").asText(),
                tokens(usage.path("prompt_tokens")),
                tokens(usage.path("completion_tokens")));
    }

    private static OptionalLong tokens(JsonNode count) {
        return count.canConvertToLong() && count.isIntegralNumber() && count.longValue() >= 0
                ? OptionalLong.of(count.longValue())
                : OptionalLong.empty();
    }

    private static String code(int status) {
        return status == 429 ? "rate_limited" : "http_" + status / 100 + "xx";
    }

    private String describe(String what) {
        return "frontier " + settings.provider() + " at " + address + " " + what;
    }
}
