// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.contracts.v1.Directive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Apps that leave, frontiers that stay silent, too many at once, and the end; before a frontier that does as it is
/// told.
class LifecycleTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String ANSWER =
            "{\"model\":\"m\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"gas_type\"}}]}";

    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore asked = new Semaphore(0);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private HttpServer frontier = create();
    private volatile boolean isSilent;

    private static HttpServer create() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        frontier.setExecutor(threads);
        frontier.createContext("/", this::answer);
        frontier.start();
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        frontier.stop(0);
        threads.shutdownNow();
        http.close();
    }

    /// Chats get the answer, if it is not silent; everything else is echoed.
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            asked.release();
            if (isSilent) {
                goOn.await();
            }
            boolean isChat = exchange.getRequestURI().getPath().equals(CHAT);
            byte[] said = isChat ? ANSWER.getBytes(StandardCharsets.UTF_8) : body;
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("X-Echo", String.valueOf(exchange.getRequestURI()));
            exchange.getResponseHeaders()
                    .set("X-Seen", String.join(",", exchange.getRequestHeaders().keySet()));
            exchange.sendResponseHeaders(isChat ? 200 : 418, said.length);
            exchange.getResponseBody().write(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Scene scene(String more) throws Exception {
        return new Scene(
                folder,
                more,
                Optional.of(
                        URI.create("http://127.0.0.1:" + frontier.getAddress().getPort())));
    }

    private static HttpRequest chat(Scene scene, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(scene.url() + CHAT))
                .POST(HttpRequest.BodyPublishers.ofString(body()));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static String body() {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"what gas for this car\"}]}";
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void anAppThatLeavesCancelsItsRequest() throws Exception {
        isSilent = true;
        try (Scene scene = scene("")) {
            try (Socket app =
                    new Socket(InetAddress.getLoopbackAddress(), scene.url().getPort())) {
                String request = "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body().length()
                        + "\r\n\r\n" + body();
                app.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                app.getOutputStream().flush();
                assertThat(asked.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            }
            Scene.until(() -> scene.sidecar().running() == 0);
            Scene.until(
                    () -> scene.sidecar().backend().agent().snapshot().totals().failed() == 1);
        }
    }

    @Test
    void aDeadlineThatPassesIsAnsweredAtOnceAndInWords() throws Exception {
        isSilent = true;
        try (Scene scene = scene("")) {
            HttpResponse<String> response = send(chat(scene, "X-Edgewise-Timeout-Ms", "150"));

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("champion:timeout");
            assertThat(send(chat(scene, "X-Edgewise-Timeout-Ms", "soon")).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void oneRequestTooManyIsToldToComeAgain() throws Exception {
        isSilent = true;
        try (Scene scene = scene(", most-requests: 1")) {
            CompletableFuture<HttpResponse<String>> first =
                    http.sendAsync(chat(scene), HttpResponse.BodyHandlers.ofString());
            assertThat(asked.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

            HttpResponse<String> second = send(chat(scene));
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(second.body()).contains("overloaded");

            goOn.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whenToldToStopItLetsRunningRequestsEndAndTakesNoOthers() throws Exception {
        isSilent = true;
        Scene scene = scene("");
        CompletableFuture<HttpResponse<String>> running =
                http.sendAsync(chat(scene), HttpResponse.BodyHandlers.ofString());
        assertThat(asked.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> stopping = CompletableFuture.runAsync(scene::close, threads);
        Scene.until(() -> status(scene, "/q/health/ready") == 503);
        assertThat(send(chat(scene)).body()).contains("stopping");
        assertThat(stopping).isNotDone();

        goOn.countDown();
        assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        stopping.get(30, TimeUnit.SECONDS);
    }

    private int status(Scene scene, String path) {
        try {
            return send(HttpRequest.newBuilder(URI.create(scene.url() + path)).build())
                    .statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void offlineTheApprovedEdgeModelAnswersAndWithoutOneTheAgentSaysSo() throws Exception {
        try (Scene scene = scene("")) {
            frontier.stop(0);
            HttpResponse<String> nobody = send(chat(scene));
            assertThat(nobody.statusCode()).isEqualTo(503);
            assertThat(nobody.body()).contains("champion:unreachable");
            assertThat(nobody.headers().firstValue("X-Edgewise-Arm")).isEmpty();

            scene.order(Scene.BUILD, Directive.Mode.MODE_SHADOW);
            HttpResponse<String> edge = send(chat(scene));
            assertThat(edge.statusCode()).isEqualTo(200);
            assertThat(edge.headers().firstValue("X-Edgewise-Arm")).hasValue("challenger");
            assertThat(edge.headers().firstValue("X-Edgewise-Reason")).hasValue("champion:unreachable");
            assertThat(edge.headers().firstValue("X-Edgewise-Offline")).hasValue("true");
        }
    }

    @Test
    void whatIsNotUnderstoodPassesByteForByteBothWays() throws Exception {
        byte[] bytes = new byte[3 << 20];
        new SplittableRandom(7).nextBytes(bytes);
        try (Scene scene = scene("")) {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(URI.create(scene.url() + "/v1/audio/speech?voice=a%20b&x"))
                            .header("Authorization", "Bearer the-apps-own")
                            .header("X-Edgewise-Unit", "user-1")
                            .header("OpenAI-Organization", "org")
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());

            assertThat(response.statusCode()).isEqualTo(418);
            assertThat(Arrays.equals(response.body(), bytes)).isTrue();
            assertThat(response.headers().firstValue("X-Echo")).hasValue("/v1/audio/speech?voice=a%20b&x");
            assertThat(response.headers().firstValue("X-Seen").orElseThrow())
                    .contains("Authorization", "Openai-organization")
                    .doesNotContain("X-edgewise");
            assertThat(response.headers().firstValue("X-Edgewise-Arm")).hasValue("passthrough");
        }
    }

    @Test
    void aTokenOfTheAgentsOwnOpensItAndIsNotSentOn() throws Exception {
        try (Scene scene = scene(", token: sesame")) {
            assertThat(send(chat(scene)).statusCode()).isEqualTo(401);
            assertThat(status(scene, "/q/health/ready")).isEqualTo(200);
            HttpResponse<String> open = send(chat(scene, "Authorization", "Bearer sesame"));
            assertThat(open.statusCode()).isEqualTo(200);
        }
    }
}
