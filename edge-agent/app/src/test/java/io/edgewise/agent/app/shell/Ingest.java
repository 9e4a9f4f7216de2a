// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Gives signed orders by long-poll, as ingest does.
final class Ingest implements AutoCloseable {
    private final KeyPair keys;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Orders orders = Orders.getDefaultInstance();
    private long revision;

    Ingest() throws IOException, GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/ingest/v1/orders", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    Path writeKey(Path folder) throws IOException {
        String body = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
        return Files.writeString(
                folder.resolve("signing.pub"), "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n");
    }

    /// Orders that this build serves the whole workload in this mode, beside the frontier.
    synchronized long order(String workload, String build, Directive.Mode mode) {
        revision++;
        Directive directive = Directive.newBuilder()
                .setTenant("default")
                .setWorkload(workload)
                .setRollout("01K9ZZZZZZZZZZZZZZZZZZZZZZ")
                .setRevision(revision)
                .setIssuedAtMs(System.currentTimeMillis())
                .setMode(mode)
                .setSalt("salt")
                .setShareBp(10_000)
                .setChampion(ModelRef.newBuilder().setFrontier("frontier-intent"))
                .setChallenger(ModelRef.newBuilder().setBuild(build))
                .setPairingCanaryBp(10_000)
                .setPairingControlBp(10_000)
                .build();
        Signed signed = Signing.sign(Signing.DIRECTIVE, directive.toByteArray(), "k1", keys.getPrivate());
        orders = Orders.newBuilder()
                .addAllSigned(List.of(signed))
                .setCursor(orders.getCursor() + 1)
                .build();
        notifyAll();
        return revision;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            long cursor = Long.parseLong(query.replaceAll(".*cursor=(\\d+).*", "$1"));
            long wait = Long.parseLong(query.replaceAll(".*wait=(\\d+).*", "$1"));
            Orders given = wait(cursor, TimeUnit.SECONDS.toNanos(wait));
            byte[] body = given.toByteArray();
            exchange.sendResponseHeaders(given.getSignedCount() == 0 ? 204 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(given.getSignedCount() == 0 ? new byte[0] : body);
        }
    }

    private synchronized Orders wait(long cursor, long nanos) {
        long until = System.nanoTime() + nanos;
        try {
            while (orders.getCursor() == cursor && System.nanoTime() < until) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return orders.getCursor() == cursor ? Orders.getDefaultInstance() : orders;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
