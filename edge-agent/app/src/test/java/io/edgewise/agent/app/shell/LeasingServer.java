// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.testkit.OrdersServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Gives one directive, and with it a lease that begins anew whenever the device asks: as long as it can ask, the
/// lease lasts. Takes whatever is sent.
final class LeasingServer implements AutoCloseable {
    private static final long HOLD_MS = 50;

    private final OrdersServer signer;
    private final InstantSource clock;
    private final Duration lease;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong asked = new AtomicLong();
    private volatile Directive directive = Directive.getDefaultInstance();
    private volatile long latestEndMs;

    LeasingServer(OrdersServer signer, InstantSource clock, Duration lease) throws IOException {
        this.signer = signer;
        this.clock = clock;
        this.lease = lease;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/ingest/v1/orders", this::give);
        server.createContext(
                "/",
                exchange ->
                        answer(exchange, "{\"acceptedThrough\":0,\"rejected\":[]}".getBytes(StandardCharsets.UTF_8)));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// From the next request for orders on.
    void order(Directive.Builder next) {
        directive = next.build();
    }

    /// When the last lease that was given, also one that never arrived, ends by the server's clock.
    long latestEndMs() {
        return latestEndMs;
    }

    private void give(HttpExchange exchange) throws IOException {
        try {
            boolean _ = closed.await(HOLD_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answer(exchange, orders().toByteArray());
    }

    private synchronized Orders orders() {
        Directive present = directive;
        long now = clock.millis();
        long issue = asked.incrementAndGet();
        latestEndMs = now + lease.toMillis();
        byte[] leased = Lease.newBuilder()
                .setTenant(present.getTenant())
                .setWorkload(present.getWorkload())
                .setRollout(present.getRollout())
                .setRevision(present.getRevision())
                .setIssue(issue)
                .setIssuedAtMs(now)
                .setNotAfterMs(latestEndMs)
                .build()
                .toByteArray();
        return Orders.newBuilder()
                .addSigned(signer.sign(Signing.DIRECTIVE, present.toByteArray()))
                .addSigned(signer.sign(Signing.LEASE, leased))
                .setCursor(issue)
                .build();
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /// Nobody reaches it any more.
    void stop() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
