// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class HttpOrdersTest {
    private static final Orders NEWS = Orders.newBuilder()
            .addSigned(Signed.newBuilder().setDomain("edgewise/directive/1"))
            .setCursor(9)
            .build();

    @Test
    void asksAsTheDeviceAndReadsTheOrders() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        StringBuilder asked = new StringBuilder();
        server.createContext("/ingest/v1/orders", exchange -> {
            asked.append(exchange.getRequestURI().getQuery())
                    .append(' ')
                    .append(exchange.getRequestHeaders().getFirst("Authorization"))
                    .append(' ')
                    .append(exchange.getRequestHeaders().getFirst("Accept"));
            byte[] body = NEWS.toByteArray();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Orders orders = orders(server, http).poll("clinc150", 3, Duration.ofSeconds(2));

            assertThat(orders).isEqualTo(NEWS);
            assertThat(asked).hasToString("workload=clinc150&cursor=3&wait=2 Bearer token-1 application/x-protobuf");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void readsNoContentAsNothingNewAndNamesRefusals() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(exchange.getRequestURI().getQuery().contains("cursor=1") ? 401 : 204, -1);
            exchange.close();
        });
        server.start();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpOrders orders = orders(server, http);

            assertThat(orders.poll("w", 5, Duration.ofSeconds(1)))
                    .isEqualTo(Orders.newBuilder().setCursor(5).build());
            assertThatThrownBy(() -> orders.poll("w", 1, Duration.ofSeconds(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("enrol the device again");
        } finally {
            server.stop(0);
        }
    }

    @Test
    @Timeout(30)
    void anAnswerWhoseRestNeverComesIsGivenUp() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write(NEWS.toByteArray());
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI base = URI.create("http://localhost:" + server.getAddress().getPort());
            HttpOrders orders = new HttpOrders(http, base, "token-1", Duration.ofMillis(300));

            assertThatThrownBy(() -> orders.poll("w", 1, Duration.ZERO))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessageContaining("did not answer to the end within PT0.3S");
        } finally {
            over.countDown();
            server.stop(0);
        }
    }

    private static HttpOrders orders(HttpServer server, HttpClient http) {
        return new HttpOrders(
                http, URI.create("http://localhost:" + server.getAddress().getPort()), "token-1");
    }
}
