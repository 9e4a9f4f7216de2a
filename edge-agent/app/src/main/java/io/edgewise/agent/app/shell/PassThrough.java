// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.config.Settings;
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
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Hands requests to a server that speaks the same API, and its answer back, byte for byte: for what the
/// agent does not understand. Only what belongs to the connection, and what is the agent's, is taken off.
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

    /// Who is asked. Only a frontier without a key of its own gets the app's.
    record Upstream(String name, URI base, Optional<String> key, boolean takesAppsKey) {}

    private final Vertx vertx;
    private final HttpClient client;
    private final Upstream asked;
    private final URI base;
    private final Optional<String> token;
    private final Duration patience;
    private final AppTerms terms;

    PassThrough(Vertx vertx, Upstream asked, Settings settings) throws IOException {
        this.vertx = vertx;
        this.asked = asked;
        this.base = asked.base();
        this.token = settings.http().token();
        this.patience = settings.http().limits().timeout();
        this.terms = new AppTerms(settings);
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(true)
                .setSsl("https".equals(base.getScheme()))
                .setVerifyHost(true)
                .setDecompressionSupported(false)
                .setConnectTimeout(5_000)
                .setReadIdleTimeout(Math.toIntExact(patience.toSeconds() + 1));
        Trust.manager(settings.authorities()).ifPresent(trusted -> options.setTrustOptions(TrustOptions.wrap(trusted)));
        proxy(base, ProxySelector.getDefault()).ifPresent(options::setProxyOptions);
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    /// The one that the system names for this address, as for everything else that the agent asks.
    static Optional<ProxyOptions> proxy(URI address, @Nullable ProxySelector system) {
        if (system == null) {
            return Optional.empty();
        }
        return system.select(address).stream()
                .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
                .flatMap(proxy -> proxy.address() instanceof InetSocketAddress where ? Stream.of(where) : Stream.of())
                .map(where -> new ProxyOptions()
                        .setType(ProxyType.HTTP)
                        .setHost(where.getHostString())
                        .setPort(where.getPort()))
                .findFirst();
    }

    /// Sends the request on, with the body that is there already or the one that still comes.
    void send(Exchange exchange, @Nullable Buffer body) {
        Limit limit = new Limit(exchange);
        try {
            limit.start(body != null);
        } catch (ApiFailure e) {
            exchange.fail(e);
            return;
        }
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
                .compose(upstream -> forward(limit, upstream, body))
                .onSuccess(answer -> back(exchange, answer))
                .onFailure(failure -> exchange.fail(ApiFailure.refused(
                        502,
                        "upstream_unreachable",
                        "Frontier \"" + asked.name() + "\" did not answer: " + failure.getMessage()
                                + ". Check frontier.url and the network; edgewise-agent doctor does.")));
    }

    /// How long one request may take. Where the app says how long it waits that holds for the whole answer, but of
    /// a stream, as of what says nothing, only until it begins: it may take long, and only silence ends it.
    private final class Limit {
        private final Exchange exchange;
        private @Nullable HttpClientRequest upstream;

        Limit(Exchange exchange) {
            this.exchange = exchange;
        }

        void start(boolean isRead) throws ApiFailure {
            if (exchange.header(AppTerms.TIMEOUT) != null) {
                end(terms.deadline(exchange).minus(exchange.age()), true);
            } else if (isRead) {
                end(patience, false);
            } else {
                exchange.request().end().onSuccess(_ -> end(patience, false));
            }
        }

        private void end(Duration in, boolean isWhole) {
            long timer = vertx.setTimer(Math.max(1, in.toMillis()), _ -> late(in, isWhole));
            exchange.whenOver(() -> vertx.cancelTimer(timer));
        }

        private void late(Duration waited, boolean isWhole) {
            HttpServerResponse response = exchange.request().response();
            boolean isStream =
                    String.valueOf(response.headers().get("Content-Type")).startsWith("text/event-stream");
            if (response.headWritten() && (isStream || !isWhole)) {
                return;
            }
            if (response.headWritten()) {
                exchange.breakOff();
            } else {
                exchange.fail(ApiFailure.refused(
                        504,
                        "timeout",
                        "Frontier \"" + asked.name() + "\" did not answer within " + waited.toMillis() + " ms."));
            }
            if (upstream != null) {
                upstream.reset();
            }
        }
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

    private Future<HttpClientResponse> forward(Limit limit, HttpClientRequest upstream, @Nullable Buffer body) {
        Exchange exchange = limit.exchange;
        if (exchange.request().response().ended()) {
            upstream.reset();
            return Future.failedFuture("it is too late");
        }
        limit.upstream = upstream;
        for (Map.Entry<String, String> header : exchange.request().headers()) {
            String lower = header.getKey().toLowerCase(Locale.ROOT);
            boolean isOurs = lower.startsWith("x-edgewise-") || lower.equals("authorization");
            if (!OF_THE_CONNECTION.contains(lower) && !isOurs) {
                upstream.headers().add(header.getKey(), header.getValue());
            }
        }
        asked.key()
                .map(value -> "Bearer " + value)
                .or(() -> asked.takesAppsKey() ? Guard.appsKey(exchange.request(), token) : Optional.empty())
                .ifPresent(value -> upstream.putHeader("Authorization", value));
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
        answer.pipeTo(response).onFailure(_ -> exchange.breakOff());
    }

    /// Which pages may read it has been said already, where one asks.
    private static void copy(MultiMap from, MultiMap to) {
        boolean isForPage = to.contains("Access-Control-Allow-Origin");
        for (Map.Entry<String, String> header : from) {
            String lower = header.getKey().toLowerCase(Locale.ROOT);
            boolean isSaid = isForPage && lower.startsWith("access-control-");
            if (!OF_THE_CONNECTION.contains(lower) && !isSaid) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }
}
