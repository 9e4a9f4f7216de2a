// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.edgewise.runtime.http.Door;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.role.Role.Migration;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Real tables, and a real HTTP server on this machine.
@ExtendWith(PlatformExtension.class)
class DeliveringIT {
    private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
    private static final String SECRET = "a secret of some length";

    private final Database database;
    private final MutableClock clock = new MutableClock(NOW);
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger status = new AtomicInteger(204);
    private final HttpServer server;

    DeliveringIT(Platform platform) throws IOException {
        database = new Database(platform.dataSource());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    private record Received(String event, String kind, String signature, String body) {}

    @BeforeEach
    void start() throws SQLException {
        Migrations.run(database.source(), List.of(new Migration("drift", "db/drift")));
        execute("TRUNCATE drift.event, drift.delivery");
        server.createContext("/", exchange -> {
            try (InputStream body = exchange.getRequestBody()) {
                received.add(new Received(
                        String.valueOf(exchange.getRequestHeaders().getFirst("Edgewise-Event")),
                        String.valueOf(exchange.getRequestHeaders().getFirst("Edgewise-Kind")),
                        String.valueOf(exchange.getRequestHeaders().getFirst("Edgewise-Signature")),
                        new String(body.readAllBytes(), StandardCharsets.UTF_8)));
            }
            exchange.getResponseHeaders().add("Location", "http://localhost:1/elsewhere");
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void eventsArriveInOrderSignedAndAreNotSentAgain() throws SQLException {
        event("E1", "retraining.due", "ops");
        event("E2", "drift.finding.closed", "ops");
        Delivering delivering = delivering("ops", port());

        while (delivering.deliver()) {
            assertThat(received).isNotEmpty();
        }

        assertThat(received).extracting(Received::event).containsExactly("E1", "E2");
        Received first = received.element();
        assertThat(first.kind()).isEqualTo("retraining.due");
        assertThat(first.body()).isEqualTo("{\"event\":\"E1\"}");
        assertThat(first.signature())
                .isEqualTo(
                        Signature.of(SECRET, NOW.getEpochSecond(), first.body().getBytes(StandardCharsets.UTF_8)));
        assertThat(deliveries()).containsExactly("E1 delivered 1 HTTP 204", "E2 delivered 1 HTTP 204");
    }

    @Test
    void aFailedOneIsTriedAgainLaterAndHoldsBackTheNext() throws SQLException {
        event("E1", "k", "ops");
        event("E2", "k", "ops");
        Delivering delivering = delivering("ops", port());
        status.set(503);

        assertThat(delivering.deliver()).isFalse();
        assertThat(delivering.deliver()).isFalse();
        assertThat(received).hasSize(1);
        assertThat(deliveries()).containsExactly("E1 waiting 1 HTTP 503", "E2 waiting 0 ");

        clock.advance(Duration.ofSeconds(1));
        delivering.deliver();
        assertThat(received).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        delivering.deliver();
        assertThat(received).as("two seconds after the second attempt").hasSize(2);

        status.set(200);
        clock.advance(Duration.ofSeconds(1));
        while (delivering.deliver()) {
            assertThat(received).isNotEmpty();
        }
        assertThat(received).extracting(Received::event).containsExactly("E1", "E1", "E1", "E2");
    }

    @Test
    void afterADayAnEventIsGivenUpAndTheNextIsTried() throws SQLException {
        event("E1", "k", "ops");
        Delivering delivering = delivering("ops", port());
        status.set(500);
        delivering.deliver();
        clock.advance(Duration.ofDays(1));
        event("E2", "k", "ops");

        assertThat(delivering.deliver()).isTrue();
        status.set(200);
        delivering.deliver();

        assertThat(deliveries()).containsExactly("E1 given-up 2 HTTP 500", "E2 delivered 1 HTTP 200");
    }

    @Test
    void redirectsAreNotFollowed() throws SQLException {
        event("E1", "k", "ops");
        status.set(302);

        assertThat(delivering("ops", port()).deliver()).isFalse();

        assertThat(received).hasSize(1);
        assertThat(deliveries()).containsExactly("E1 waiting 1 HTTP 302, and redirects are not followed");
    }

    @Test
    void endpointsDoNotWaitForEachOther() throws SQLException {
        event("E1", "k", "ops", "training");
        status.set(500);
        delivering("ops", port()).deliver();
        status.set(200);
        delivering("training", port()).deliver();

        assertThat(deliveries()).containsExactly("E1 delivered 1 HTTP 200", "E1 waiting 1 HTTP 500");
    }

    /// Whoever took an event and died keeps it for a while, then another sends it under the same id.
    @Test
    void whatWasTakenAndNotSettledIsSentAgain() throws SQLException {
        event("E1", "k", "ops");
        execute("UPDATE drift.delivery SET attempts = 1, next_at = '2026-05-01T00:00:25Z'");
        Delivering other = delivering("ops", port());

        assertThat(other.deliver()).isFalse();
        assertThat(received).isEmpty();
        clock.advance(Duration.ofSeconds(25));
        assertThat(other.deliver()).isTrue();
        assertThat(received).hasSize(1);
    }

    @Test
    void aServerThatNeverAnswersOrAnswersWithoutEndCostsAStatedTime() throws Exception {
        event("E1", "k", "ops");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(delivering("ops", silent.getLocalPort()).deliver()).isFalse();
        }
        assertThat(deliveries()).singleElement().asString().startsWith("E1 waiting 1 Socket");

        clock.advance(Duration.ofSeconds(2));
        try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread talker = Thread.ofVirtual().start(() -> talk(endless));
            assertThat(delivering("ops", endless.getLocalPort()).deliver()).isFalse();
            talker.join();
        }
        assertThat(deliveries()).singleElement().asString().contains("longer than 16384 bytes");
    }

    private static void talk(ServerSocket server) {
        try (java.net.Socket client = server.accept()) {
            byte[] noise = "x".repeat(1024).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                client.getOutputStream().write(noise);
            }
        } catch (IOException e) {
            // The other side had enough.
            return;
        }
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private Delivering delivering(String name, int port) {
        Door door = new Door("edgewise.drift.webhook", List.of("localhost"), List.of(), true);
        Endpoint endpoint = Endpoint.of(name, URI.create("http://localhost:" + port + "/hook"), SECRET, door);
        return new Delivering(
                database,
                endpoint,
                new Delivering.Limits(Duration.ofSeconds(2), Duration.ofDays(1)),
                clock,
                (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    private void event(String event, String kind, String... endpoints) throws SQLException {
        execute("INSERT INTO drift.event (event, tenant, kind, body, at) VALUES ('" + event + "', 'default', '" + kind
                + "', '{\"event\":\"" + event + "\"}', '" + clock.instant() + "')");
        for (String endpoint : endpoints) {
            execute("INSERT INTO drift.delivery (endpoint, number, next_at) SELECT '" + endpoint
                    + "', number, at FROM drift.event WHERE event = '" + event + "'");
        }
    }

    private List<String> deliveries() throws SQLException {
        return database.read(sql -> sql.list(
                "SELECT event || ' ' || state || ' ' || attempts || ' ' || answer FROM drift.published_delivery"
                        + " ORDER BY number, state",
                row -> row.getString(1)));
    }

    private void execute(String statement) throws SQLException {
        database.transact(sql -> sql.update(statement));
    }
}
