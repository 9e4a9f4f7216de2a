// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.api.ApiFailure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Hands requests to a server that speaks the same API, and its answer back, byte for byte: for what the agent does not
/// understand. Only what belongs to the connection, and what is the agent's, is taken off.
final class PassThrough {
    private static final int CONNECTIONS = 256;
    static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "expect");

    private final HttpClient client;
    private final URI base;
    private final Optional<String> key;
    private final String name;

    PassThrough(Vertx vertx, String name, URI base, Optional<String> key, Duration timeout) {
        this.name = name;
        this.base = base;
        this.key = key;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAlive(true)
                        .setSsl("https".equals(base.getScheme()))
                        .setVerifyHost(true)
                        .setDecompressionSupported(false)
                        .setConnectTimeout(5_000)
                        .setReadIdleTimeout(Math.toIntExact(timeout.toSeconds() + 1)),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    /// Sends the request on, with the body that is there already or the one that still comes.
    void send(Exchange exchange, @Nullable Buffer body) {
        if (body == null) {
            exchange.request().pause();
        }
        RequestOptions target = new RequestOptions()
                .setMethod(exchange.request().method())
                .setHost(base.getHost())
                .setPort(port())
                .setFollowRedirects(false)
                .setURI(path() + exchange.request().uri());
        client.request(target)
                .compose(upstream -> forward(exchange, upstream, body))
                .onSuccess(answer -> back(exchange, answer))
                .onFailure(failure -> exchange.fail(ApiFailure.refused(
                        502,
                        "upstream_unreachable",
                        "Frontier \"" + name + "\" did not answer: " + failure.getMessage()
                                + ". Check frontier.url and the network; edgewise-agent doctor does.")));
    }

    private int port() {
        if (base.getPort() > 0) {
            return base.getPort();
        }
        return "https".equals(base.getScheme()) ? 443 : 80;
    }

    private String path() {
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private Future<HttpClientResponse> forward(Exchange exchange, HttpClientRequest upstream, @Nullable Buffer body) {
        for (Map.Entry<String, String> header : exchange.request().headers()) {
            String lower = header.getKey().toLowerCase(Locale.ROOT);
            boolean isOurs = lower.startsWith("x-edgewise-") || lower.equals("authorization") && key.isPresent();
            if (!OF_THE_CONNECTION.contains(lower) && !isOurs) {
                upstream.headers().add(header.getKey(), header.getValue());
            }
        }
        key.ifPresent(value -> upstream.putHeader("Authorization", "Bearer " + value));
        exchange.request().response().closeHandler(_ -> upstream.reset());
        if (body != null) {
            upstream.headers().set("Content-Length", String.valueOf(body.length()));
            return upstream.send(body);
        }
        boolean hasBody = exchange.header("Content-Length") != null || exchange.header("Transfer-Encoding") != null;
        if (!hasBody) {
            exchange.request().resume();
            return upstream.send();
        }
        if (exchange.header("Content-Length") == null) {
            upstream.setChunked(true);
        }
        return upstream.send(exchange.request());
    }

    private static void back(Exchange exchange, HttpClientResponse answer) {
        HttpServerResponse response = exchange.request().response();
        if (response.closed() || response.ended()) {
            answer.request().reset();
            return;
        }
        response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
        copy(answer.headers(), response.headers());
        response.putHeader(Exchange.ARM, "passthrough");
        if (answer.getHeader("Content-Length") == null) {
            response.setChunked(true);
        }
        answer.pipeTo(response).onFailure(_ -> response.reset());
    }

    private static void copy(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            if (!OF_THE_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }
}
