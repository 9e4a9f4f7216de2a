// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.app.config.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What goes by the agent: whose keys it carries, which pages may read it, how long it may take.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PassThroughTest {
    private static final String PAGE = "https://app.example";
    private static final String TOKEN = "sesame";

    @TempDir
    private static Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer upstream;
    private Sidecar sidecar;

    @BeforeAll
    void start() throws Exception {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(threads);
        upstream.createContext("/", this::answer);
        upstream.start();
        sidecar = sidecar("first", "");
    }

    @AfterAll
    void stop() {
        over.countDown();
        sidecar.close();
        upstream.stop(0);
        threads.shutdownNow();
        http.close();
    }

    private Sidecar sidecar(String name, String limits) throws Exception {
        Path own = Files.createDirectory(folder.resolve(name));
        String url = "http://127.0.0.1:" + upstream.getAddress().getPort();
        return Sidecar.start(SettingsReader.read("test", """
                device: kiosk-17
                frontier: {url: "%s", model: large}
                folder: data
                http: {port: 0, token: %s, origins: ["%s"]%s}
                workload: {name: helpdesk}
                privacy: {pass-through: true}
                edge: {server: {url: "%s/local", build: llm-1, model: large, embeddings: true}}
                log: {level: warn}
                """.formatted(url, TOKEN, PAGE, limits, url), Map.of(), own));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        seen.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
        try {
            if (path.endsWith("/silent")) {
                over.await();
            }
            exchange.sendResponseHeaders(200, path.endsWith("/half") ? 1_000 : body.length);
            exchange.getResponseBody().write(body);
            exchange.getResponseBody().flush();
            if (path.endsWith("/half")) {
                over.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private HttpRequest.Builder request(Sidecar asked, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + asked.port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String last(String path) {
        return seen.stream()
                .filter(line -> line.startsWith(path + " "))
                .toList()
                .getLast();
    }

    @Test
    void theTokenThatOpensTheAgentStaysWithItAndTheAppsKeyGoesOn() throws Exception {
        assertThat(send(request(sidecar, "/v1/files").header("Authorization", "Bearer " + TOKEN))
                        .statusCode())
                .isEqualTo(200);
        assertThat(last("/v1/files")).isEqualTo("/v1/files null");

        var _ = send(request(sidecar, "/v1/files")
                .header("Authorization", "Bearer of-the-vendor")
                .header("X-Edgewise-Token", TOKEN));
        assertThat(last("/v1/files")).isEqualTo("/v1/files Bearer of-the-vendor");
    }

    @Test
    void theLocalServerHearsNoKeyOfTheAppsForAVendor() throws Exception {
        HttpResponse<String> answer = send(request(sidecar, "/v1/embeddings")
                .header("Authorization", "Bearer of-the-vendor")
                .header("X-Edgewise-Token", TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"large\",\"input\":\"hi\"}")));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(last("/local/v1/embeddings")).isEqualTo("/local/v1/embeddings null");
    }

    private HttpRequest.Builder preflight(String path, String origin) {
        return request(sidecar, path)
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,x-edgewise-unit");
    }

    /// A browser asks before its page does, and sends none of the page's keys.
    @Test
    void aListedPagesBrowserMayAskWithoutTheTokenWhatThePageMaySend() throws Exception {
        HttpResponse<String> answer = send(preflight("/v1/chat/completions", PAGE));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(PAGE);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValue("authorization,x-edgewise-unit");
        assertThat(send(preflight("/v1/chat/completions", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(preflight("/q/metrics", PAGE)).statusCode()).isEqualTo(401);
        assertThat(send(request(sidecar, "/v1/files").header("Origin", PAGE)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aPageReadsWhatTheAgentTellsAndIsAllowedInOnce() throws Exception {
        HttpResponse<String> answer =
                send(request(sidecar, "/v1/files").header("Origin", PAGE).header("X-Edgewise-Token", TOKEN));

        assertThat(answer.headers().allValues("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
                .contains("X-Edgewise-Observation", "X-Edgewise-Feedback-Token", "X-Edgewise-Arm");
        assertThat(send(request(sidecar, "/v1/files").header("X-Edgewise-Token", TOKEN))
                        .headers()
                        .allValues("Access-Control-Allow-Origin"))
                .as("no page asks: byte for byte")
                .containsExactly("*");
    }

    @Test
    void anAppThatSaysHowLongItWaitsIsToldSoAndTheTimeIsCounted() throws Exception {
        HttpResponse<String> late = send(request(sidecar, "/v1/silent")
                .header("X-Edgewise-Token", TOKEN)
                .header("X-Edgewise-Timeout-Ms", "200"));

        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(late.body()).contains("did not answer within");
        Scene.until(() -> metric("request_seconds_sum{surface=\"passthrough\"}") >= 0.15);
    }

    private double metric(String name) {
        try {
            String metrics = send(request(sidecar, "/q/metrics").header("X-Edgewise-Token", TOKEN))
                    .body();
            Matcher value = Pattern.compile(Pattern.quote("edgewise_agent_" + name) + " ([0-9.Ee-]+)")
                    .matcher(metrics);
            return value.find() ? Double.parseDouble(value.group(1)) : -1;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anAnswerThatDoesNotEndInTheAppsTimeIsBrokenOffAndHoldsNoPlace() {
        assertThatThrownBy(() -> send(request(sidecar, "/v1/half")
                        .header("X-Edgewise-Token", TOKEN)
                        .header("X-Edgewise-Timeout-Ms", "700")))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(java.net.http.HttpTimeoutException.class);
        Scene.until(() -> metric("running") == 0);
    }

    @Test
    void whoeverSaysNothingWaitsForTheLongestTimeOfTheSettings() throws Exception {
        try (Sidecar hasty = sidecar("hasty", ", timeout: 1s")) {
            HttpResponse<String> late = send(request(hasty, "/v1/silent").header("X-Edgewise-Token", TOKEN));

            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(late.body()).contains("did not answer within 1000 ms");
        }
    }

    @Test
    void goesThroughTheProxyThatTheSystemNames() {
        URI frontier = URI.create("https://api.example.com");
        ProxySelector proxy = ProxySelector.of(InetSocketAddress.createUnresolved("proxy.example", 3128));

        assertThat(PassThrough.proxy(frontier, proxy))
                .hasValueSatisfying(named ->
                        assertThat(named.getHost() + ":" + named.getPort()).isEqualTo("proxy.example:3128"));
        assertThat(PassThrough.proxy(frontier, HttpClient.Builder.NO_PROXY)).isEmpty();
    }
}
