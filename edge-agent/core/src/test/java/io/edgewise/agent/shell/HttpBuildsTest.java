// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.builds.BuildSource;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class HttpBuildsTest {
    private static final String FILE = "0123456789";
    private static final Signed MANIFEST =
            Signed.newBuilder().setDomain("edgewise/build/1").build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/base/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        server.stop(0);
        threads.shutdownNow();
        http.close();
    }

    private HttpBuilds builds(Duration patience) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/base");
        return new HttpBuilds(http, base, Optional.of("sesame"), patience);
    }

    private HttpBuilds builds() {
        return builds(Duration.ofSeconds(20));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring("/base/".length());
            String range = exchange.getRequestHeaders().getFirst("Range");
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + name + " " + range);
            switch (name) {
                case "good.manifest" -> send(exchange, 200, MANIFEST.toByteArray());
                case "broken.manifest" -> send(exchange, 200, new byte[] {(byte) 0xff});
                case "large.manifest" -> send(exchange, 200, new byte[5 << 20]);
                case "closed.manifest" -> send(exchange, 403, new byte[0]);
                case "resumes" -> {
                    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
                    exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-9/10");
                    send(exchange, range == null ? 200 : 206, utf8(FILE.substring(from)));
                }
                case "starts-over" -> send(exchange, 200, utf8(FILE));
                case "elsewhere" -> {
                    exchange.getResponseHeaders().set("Content-Range", "rows 1-2/3");
                    send(exchange, 206, utf8(FILE));
                }
                case "stalls", "stalls.manifest" -> {
                    exchange.sendResponseHeaders(200, FILE.length());
                    exchange.getResponseBody().write(utf8("0123"));
                    exchange.getResponseBody().flush();
                    goOn.await();
                }
                default -> send(exchange, 404, new byte[0]);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String read(String name, long from) throws IOException {
        try (BuildSource.Part part = builds().file(name, from)) {
            return part.from() + " " + new String(part.bytes().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void asksForAManifestByTheBuildsNameAndKnowsWhenThereIsNone() throws IOException {
        assertThat(builds().manifest("good")).hasValue(MANIFEST);
        assertThat(builds().manifest("none")).isEmpty();
        assertThat(asked.getFirst()).isEqualTo("Bearer sesame good.manifest null");
    }

    @Test
    void whatIsNoManifestIsAFailureThatMayPass() {
        assertThatThrownBy(() -> builds().manifest("broken")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> builds().manifest("large")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> builds().manifest("closed"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status 403");
    }

    @Test
    void goesOnWhereADownloadBrokeOffAndSaysWhereTheServerStartsOver() throws IOException {
        assertThat(read("resumes", 0)).isEqualTo("0 0123456789");
        assertThat(read("resumes", 4)).isEqualTo("4 456789");
        assertThat(read("starts-over", 4)).isEqualTo("0 0123456789");
        assertThat(asked).contains("Bearer sesame resumes bytes=4-");
    }

    @Test
    void anAnswerThatDoesNotSayWhereItBeginsIsNone() {
        assertThatThrownBy(() -> read("elsewhere", 4)).hasMessageContaining("status 206");
        assertThatThrownBy(() -> read("none", 0)).hasMessageContaining("status 404");
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() throws IOException {
        try (BuildSource.Part part = builds(Duration.ofMillis(200)).file("stalls", 0)) {
            assertThat(new String(part.bytes().readNBytes(4), StandardCharsets.UTF_8))
                    .isEqualTo("0123");
            assertThatThrownBy(() -> part.bytes().readAllBytes())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("sent nothing for PT0.2S");
        }
    }

    @Test
    @Timeout(30)
    void aManifestWhoseRestNeverComesIsGivenUp() {
        assertThatThrownBy(() -> builds(Duration.ofMillis(200)).manifest("stalls"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not answer to the end within PT0.2S");
    }

    @Test
    void followsNobodyElsewhere() {
        try (HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build()) {
            assertThatThrownBy(() -> new HttpBuilds(following, URI.create("http://x"), Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
