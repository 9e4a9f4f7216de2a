// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.config.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Listens, decides who may come in and how many at once, and hands requests to the surfaces. Requests are
/// read on the event loop and answered by virtual threads.
public final class HttpFront implements AutoCloseable {
    private static final int LONGEST_LINE = 8_192;
    private static final int MOST_HEADERS = 32_768;
    private static final int IDLE_SECONDS = 900;
    private static final Duration START = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final HttpServer server;
    private final Semaphore permits;
    private final int mostRequests;
    private final Guard guard;
    private final Surfaces surfaces;
    private volatile boolean draining;

    private HttpFront(Backend backend) throws IOException {
        Settings.Http http = backend.settings().http();
        this.mostRequests = http.limits().mostRequests();
        this.permits = new Semaphore(mostRequests);
        this.guard = new Guard(http);
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(Math.min(2, Runtime.getRuntime().availableProcessors()))
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.surfaces = new Surfaces(vertx, backend, () -> !draining, this::running);
        this.server = vertx.createHttpServer(options(http))
                .requestHandler(this::admit)
                .exceptionHandler(failure -> {})
                .invalidRequestHandler(HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER);
    }

    private static HttpServerOptions options(Settings.Http http) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(http.host())
                .setPort(http.port())
                .setTcpNoDelay(true)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setMaxHeaderSize(MOST_HEADERS)
                .setIdleTimeout(IDLE_SECONDS)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false);
        http.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.key().toString())));
        return options;
    }

    /// Listens when it returns. The backend is not closed with it.
    public static HttpFront start(Backend backend) throws IOException {
        HttpFront front = new HttpFront(backend);
        Settings.Http http = backend.settings().http();
        try {
            front.server
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START.toMillis(), TimeUnit.MILLISECONDS);
            return front;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            front.close();
            throw new IOException("interrupted while the agent began to listen", e);
        } catch (ExecutionException | TimeoutException e) {
            front.close();
            throw new IOException(
                    "cannot listen on " + http.host() + ":" + http.port() + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage()
                            + "; stop what listens there, or set http.port",
                    e);
        }
    }

    int running() {
        return mostRequests - permits.availablePermits();
    }

    public int port() {
        return server.actualPort();
    }

    private void admit(HttpServerRequest request) {
        Exchange exchange = new Exchange(request, vertx.getOrCreateContext());
        try {
            guard.check(request);
        } catch (ApiFailure e) {
            request.response().putHeader("Connection", "close");
            exchange.fail(e);
            return;
        }
        guard.allowedOrigin(request)
                .ifPresent(origin -> request.response()
                        .putHeader("Access-Control-Allow-Origin", origin)
                        .putHeader("Access-Control-Expose-Headers", Exchange.TOLD)
                        .putHeader("Vary", "Origin"));
        if (request.path().startsWith("/q/")) {
            surfaces.operations(exchange);
            return;
        }
        if (draining || !permits.tryAcquire()) {
            request.response().putHeader("Connection", "close");
            exchange.fail(ApiFailure.refused(
                    503,
                    draining ? "stopping" : "overloaded",
                    draining
                            ? "The agent is stopping; ask again when it is back."
                            : "More than " + mostRequests + " requests at once; ask again in a moment."));
            return;
        }
        exchange.whenOver(permits::release);
        request.response().endHandler(_ -> exchange.over());
        surfaces.serve(exchange);
    }

    /// Takes no more requests and waits for those that run. False when it took longer.
    public boolean drain(Duration atMost) {
        draining = true;
        try {
            boolean isIdle = permits.tryAcquire(mostRequests, atMost.toMillis(), TimeUnit.MILLISECONDS);
            if (isIdle) {
                permits.release(mostRequests);
            }
            return isIdle;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            System.getLogger(HttpFront.class.getName())
                    .log(System.Logger.Level.WARNING, "the HTTP front did not close cleanly", e);
        }
    }
}
