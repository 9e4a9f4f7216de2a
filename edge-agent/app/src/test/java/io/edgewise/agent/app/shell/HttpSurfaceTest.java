// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.contracts.v1.Directive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What apps, pages and strangers may send, and what they get.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpSurfaceTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    private static Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private Scene scene;

    @BeforeAll
    void start() throws Exception {
        scene = new Scene(folder, "");
    }

    @AfterAll
    void stop() {
        scene.close();
        http.close();
    }

    private static String body(String text) {
        return "{\"model\":\"frontier-intent\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(scene.url() + path))
                .header("Authorization", "Bearer " + Scene.KEY)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(scene.url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /// What the server answers to these bytes until it closes or is silent.
    private String raw(String bytes) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), scene.url().getPort())) {
            socket.setSoTimeout(3_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[4096];
            try {
                for (int n = socket.getInputStream().read(buffer);
                        n >= 0;
                        n = socket.getInputStream().read(buffer)) {
                    answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                }
            } catch (java.net.SocketTimeoutException e) {
                answer.append("(silent)");
            }
            return answer.toString();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\" | We could not parse the JSON body | ",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | you must provide a model parameter | model",
                "[] | must be a JSON object | ",
                "{\"model\":\"m\",\"model\":\"n\"} | Duplicate field | ",
                "{\"model\":\"m\",\"messages\":[]} trailing | could not parse | ",
                "{\"model\":\"m\",\"messages\":[]} | at least one message | messages",
                "{\"model\":\"m\",\"messages\":[7]} | Message 0 must be an object | messages[0]",
                "{\"model\":\"m\",\"stream\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | true or false | stream",
                "{\"model\":\"m\",\"logprobs\":true,\"top_logprobs\":50,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | from 0 to 20 | top_logprobs",
            })
    void aBadCallGetsAnOpenAiErrorThatSaysWhatIsWrong(String body, String message, String param) throws Exception {
        HttpResponse<String> response = post(CHAT, body);
        JsonNode error = json.readTree(response.body()).path("error");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error.path("message").asText()).contains(message);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").asText("")).isEqualTo(param == null ? "" : param);
        assertThat(response.body()).doesNotContain("Exception", "at io.edgewise");
    }

    @Test
    void whatIsTooDeepTooLargeOrNotUtf8IsRefused() throws Exception {
        assertThat(post(CHAT, "{\"model\":".repeat(10_000)).statusCode()).isEqualTo(400);
        assertThat(post(CHAT, "{\"model\":\"" + "x".repeat(5 << 20) + "\"}").statusCode())
                .isEqualTo(413);
        assertThat(post(CHAT, body("hi"), "Content-Encoding", "gzip").statusCode())
                .isEqualTo(415);
        String bad = raw("POST " + CHAT
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\"\u00ff\"");
        assertThat(bad).startsWith("HTTP/1.1 400").contains("UTF-8");
    }

    @Test
    void aPageInABrowserCannotReachIn() throws Exception {
        String rebound = raw("POST " + CHAT + " HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n");
        assertThat(rebound).startsWith("HTTP/1.1 421").contains("http.hosts");
        assertThat(post(CHAT, body("hi"), "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
    }

    @Test
    void requestsOfTwoMeaningsAreRefused() throws Exception {
        assertThat(raw("POST " + CHAT
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n{}  "))
                .startsWith("HTTP/1.1 400");
        assertThat(raw("GET /q/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(raw("GET /q/health HTTP/1.1\r\nHost: localhost\r\nA: b\r\n folded\r\nBad Name: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        // Both framings: nothing after the chunked body is ever taken for a request.
        String both = raw(
                "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                        + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /q/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(both).startsWith("HTTP/1.1 400").doesNotContain("edgewise_agent_requests_total");
        assertThat(raw("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 414 ");
        assertThat(raw("NONSENSE\r\n\r\n")).contains(" 400 ");
    }

    @Test
    void thePathCannotLeadOutOfTheApi() throws Exception {
        assertThat(raw("GET /v1/../admin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(raw("GET /v1/%2e%2e/admin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(get("/admin").statusCode()).isEqualTo(404);
        assertThat(get("/q/env").statusCode()).isEqualTo(404);
    }

    @Test
    void feedbackIsTakenByIdAndByTokenAndOnlyOnceUnderstood() throws Exception {
        HttpResponse<String> answer = post(CHAT, body("how do you say hi in french"), "X-Edgewise-Unit", "user-1");
        String id = answer.headers().firstValue("X-Edgewise-Observation").orElseThrow();
        String token = answer.headers().firstValue("X-Edgewise-Feedback-Token").orElseThrow();
        long before = scene.sidecar().backend().agent().snapshot().feedback().lastSeq();

        assertThat(post("/v1/feedback", "{\"observation_id\":\"" + id + "\",\"thumb\":\"up\"}")
                        .body())
                .isEqualTo("{\"recorded\":true}");
        assertThat(post("/v1/feedback", "{\"token\":\"" + token + "\",\"correction\":\"translate\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("/v1/feedback", "{\"token\":\"" + token + "\",\"score\":0.75}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(scene.sidecar().backend().agent().snapshot().feedback().lastSeq())
                .isEqualTo(before + 3);

        assertThat(post("/v1/feedback", "{\"token\":\"forged\",\"thumb\":\"up\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/v1/feedback", "{\"observation_id\":\"00\",\"thumb\":\"up\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(post("/v1/feedback", "{\"token\":\"" + token + "\",\"thumb\":\"up\",\"score\":1}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/v1/feedback", "{\"token\":\"" + token + "\",\"score\":1.5}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/v1/feedback", "{\"token\":\"" + token + "\",\"correction\":\" \"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void consentIsAFieldOfTheRequest() throws Exception {
        scene.order(Scene.BUILD, Directive.Mode.MODE_SHADOW);
        long before =
                scene.sidecar().backend().agent().snapshot().observations().lastSeq();

        HttpResponse<String> silent = post(CHAT, body("hi there"), "X-Edgewise-Consent", "none");
        assertThat(silent.statusCode()).isEqualTo(200);
        assertThat(silent.headers().firstValue("X-Edgewise-Observation")).isEmpty();
        assertThat(silent.headers().firstValue("X-Edgewise-Feedback-Token")).isEmpty();
        assertThat(post(CHAT, body("hi there"), "X-Edgewise-Consent", "telemetry-only")
                        .headers()
                        .firstValue("X-Edgewise-Observation"))
                .isPresent();
        Scene.until(() ->
                scene.sidecar().backend().agent().snapshot().observations().lastSeq() == before + 1);
        assertThat(post(CHAT, body("hi there"), "X-Edgewise-Consent", "yes").statusCode())
                .isEqualTo(400);
        scene.order(Scene.BUILD, Directive.Mode.MODE_CHAMPION_ONLY);
    }

    @Test
    void metricsAndHealthSayHowItIs() throws Exception {
        var _ = post(CHAT, body("hi there"));

        assertThat(get("/q/health/live").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
        Scene.until(() -> metrics().contains("edgewise_agent_requests_total{arm=\"champion\",surface=\"openai\"}"));
        assertThat(metrics())
                .contains(
                        "edgewise_agent_request_seconds_bucket{surface=\"openai\",le=\"0.001\"}",
                        "edgewise_agent_spool_records",
                        "edgewise_agent_served_total");
    }

    private String metrics() {
        try {
            return get("/q/metrics").body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatHappenedIsNeverSaidInAPromptsWords() throws Exception {
        var _ = post(CHAT, body("a-canary-string-nobody-else-says"));

        assertThat(get("/q/metrics").body()).doesNotContain("canary-string");
    }
}
