// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/// Signs orders and gives them by long-poll, and takes what devices send, as ingest does: for agents in tests and
/// benchmarks.
public final class OrdersServer implements AutoCloseable {
    private static final int MOST_OBSERVATIONS = 1_000;

    private final KeyPair keys;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Orders orders = Orders.getDefaultInstance();
    private final List<AgentStatus> statuses = new CopyOnWriteArrayList<>();
    private final Deque<Observation> observations = new ConcurrentLinkedDeque<>();
    private long revision;

    public OrdersServer() throws IOException, GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/ingest/v1/orders", this::answer);
        for (String kind : List.of("batches", "feedback", "status")) {
            server.createContext("/ingest/v1/" + kind, this::take);
        }
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Writes the key that orders are signed with, in PEM.
    public Path writeKey(Path folder) throws IOException {
        String body = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
        return Files.writeString(
                folder.resolve("signing.pub"), "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n");
    }

    /// Signs with the key that orders are signed with.
    public Signed sign(String domain, byte[] payload) {
        return Signing.sign(domain, payload, "k1", keys.getPrivate());
    }

    /// Gives this directive under the next revision, which is returned.
    public synchronized long order(Directive.Builder directive) {
        revision++;
        Signed signed =
                sign(Signing.DIRECTIVE, directive.setRevision(revision).build().toByteArray());
        orders = Orders.newBuilder()
                .addAllSigned(List.of(signed))
                .setCursor(orders.getCursor() + 1)
                .build();
        notifyAll();
        return revision;
    }

    /// What agents told of themselves, the oldest first.
    public List<AgentStatus> statuses() {
        return List.copyOf(statuses);
    }

    /// The latest observations, the oldest of them first.
    public List<Observation> observations() {
        return List.copyOf(observations);
    }

    private void keep(Observation observation) {
        observations.addLast(observation);
        if (observations.size() > MOST_OBSERVATIONS) {
            observations.pollFirst();
        }
    }

    /// Everything is taken, and of it only what agents tell of themselves and the latest observations are
    /// kept.
    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            InputStream body = exchange.getRequestBody();
            boolean isPacked = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            if (isPacked && exchange.getRequestURI().getPath().endsWith("/status")) {
                InputStream unpacked = new GZIPInputStream(body);
                AgentStatus status = AgentStatus.parseDelimitedFrom(unpacked);
                while (status != null) {
                    statuses.add(status);
                    status = AgentStatus.parseDelimitedFrom(unpacked);
                }
            }
            if (isPacked && exchange.getRequestURI().getPath().endsWith("/batches")) {
                InputStream unpacked = new GZIPInputStream(body);
                Observation observation = Observation.parseDelimitedFrom(unpacked);
                while (observation != null) {
                    keep(observation);
                    observation = Observation.parseDelimitedFrom(unpacked);
                }
            }
            long _ = body.transferTo(OutputStream.nullOutputStream());
            byte[] answer = "{\"acceptedThrough\":0,\"rejected\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            long cursor = Long.parseLong(query.replaceAll(".*cursor=(\\d+).*", "$1"));
            long wait = Long.parseLong(query.replaceAll(".*wait=(\\d+).*", "$1"));
            Orders given = newer(cursor, TimeUnit.SECONDS.toNanos(wait));
            if (given.getSignedCount() == 0) {
                exchange.sendResponseHeaders(204, -1);
            } else {
                byte[] body = given.toByteArray();
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private synchronized Orders newer(long cursor, long nanos) {
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
