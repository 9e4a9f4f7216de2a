// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two vendors behind one sidecar, over HTTP; and a device that has none.
class SeveralFrontiersTest {
    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Vendor one = new Vendor();
    private final Vendor two = new Vendor();

    /// Answers with what it was asked for, or with an error.
    private static final class Vendor {
        private final HttpServer server;
        private final List<String> models = new CopyOnWriteArrayList<>();
        private final List<String> keys = new CopyOnWriteArrayList<>();
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private volatile int status = 200;

        Vendor() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            server.createContext("/v1/", this::answer);
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                String model = new ObjectMapper()
                        .readTree(exchange.getRequestBody())
                        .path("model")
                        .asText();
                models.add(model);
                keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                byte[] said = ("{\"model\":\"" + model + "\",\"choices\":[{\"message\":{\"role\":\"assistant\","
                                + "\"content\":\"gas_type\"}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2}}")
                        .getBytes(StandardCharsets.UTF_8);
                asked.add(exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getFirst("OpenAI-Organization")
                        + " " + exchange.getRequestHeaders().getFirst("X-Customer"));
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Retry-After", "7");
                exchange.sendResponseHeaders(status, said.length);
                exchange.getResponseBody().write(said);
            }
        }
    }

    @BeforeEach
    void start() {
        one.server.start();
        two.server.start();
    }

    @AfterEach
    void stop() {
        one.server.stop(0);
        two.server.stop(0);
        http.close();
    }

    private Sidecar sidecar(String frontiers) throws Exception {
        return Sidecar.start(settings(frontiers));
    }

    private Settings settings(String frontiers) throws Exception {
        return SettingsReader.read(
                "test", """
                device: kiosk-17
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                edge: {models: %s/models, builds: [%s]}
                log: {level: error}
                """.formatted(Scene.HOME, Scene.HOME, Scene.BUILD) + frontiers, Map.of(), folder);
    }

    private HttpResponse<String> ask(Sidecar sidecar) throws Exception {
        return ask(sidecar, "");
    }

    private HttpResponse<String> ask(Sidecar sidecar, String query) throws Exception {
        return http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + sidecar.port() + "/v1/chat/completions" + query))
                        .header("Authorization", "Bearer the-apps-own")
                        .header("OpenAI-Organization", "org-7")
                        .header("X-Customer", "Ann")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"large\", \"messages\": [{\"role\":"
                                + " \"user\", \"content\": \"what kind of gas\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(Sidecar sidecar, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String servedBy(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Edgewise-Served-By").orElse("");
    }

    @Test
    void theNextOneAnswersWhereOneFailsInItsOwnModelAndWithItsOwnKey() throws Exception {
        try (Sidecar sidecar = sidecar("""
                frontiers:
                  - {name: one, url: "%s", model: large}
                  - {name: two, url: "%s", model: big, key: key-of-two}
                """.formatted(one.url(), two.url()))) {
            assertThat(servedBy(ask(sidecar))).isEqualTo("one");
            one.status = 500;
            HttpResponse<String> answer = ask(sidecar);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(servedBy(answer)).isEqualTo("two");
            assertThat(one.models).containsExactly("large", "large");
            assertThat(one.keys).containsOnly("Bearer the-apps-own");
            assertThat(two.models).containsExactly("big");
            assertThat(two.keys).containsExactly("Bearer key-of-two");
            for (int i = 0; i < 6; i++) {
                assertThat(servedBy(ask(sidecar))).isEqualTo("two");
            }
            assertThat(one.models).as("after five failures in a row it rests").hasSize(6);
            String metrics = get(sidecar, "/q/metrics").body();
            assertThat(metrics)
                    .contains("edgewise_agent_frontier_passed_over_total{frontier=\"one\",reason=\"resting\"} 2.0");
            assertThat(AgentMetricNames.exposed(metrics))
                    .as("with every metric there is by now, what docs/metrics.md says of the agent")
                    .isEqualTo(AgentMetricNames.documented());
            assertThat(get(sidecar, "/v1/models").body()).contains("\"large\"", "\"big\"");
        }
    }

    @Test
    void theFirstGetsWhatItsAppSendsBesideTheBodyAndTheAppHearsWhenToComeAgain() throws Exception {
        try (Sidecar sidecar = sidecar("""
                frontiers:
                  - {name: one, url: "%s", model: large}
                  - {name: two, url: "%s", model: big, key: key-of-two}
                """.formatted(one.url(), two.url()))) {
            one.status = 429;
            two.status = 429;
            HttpResponse<String> answer = ask(sidecar, "?api-version=2026-10-01");

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
            assertThat(one.asked)
                    .as("class redacted: no header that nobody has looked through")
                    .containsExactly("/v1/chat/completions?api-version=2026-10-01 org-7 null");
            assertThat(two.asked).containsExactly("/v1/chat/completions null null");

            one.status = 400;
            assertThat(ask(sidecar).statusCode()).isEqualTo(400);
            assertThat(two.asked).as("no better there").hasSize(1);
        }
    }

    @Test
    void theDoctorLooksAtEachOfThem() throws Exception {
        two.server.stop(0);
        List<Doctor.Finding> findings = new Doctor(settings("""
                frontiers:
                  - {name: one, url: "%s", model: large}
                  - {name: two, url: "%s", model: big, key: key-of-two}
                """.formatted(one.url(), two.url()))).look();

        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.what()).isEqualTo("frontier one");
            assertThat(finding.state()).isNotEqualTo(Doctor.State.FAIL);
        });
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.what()).isEqualTo("frontier two");
            assertThat(finding.state()).isEqualTo(Doctor.State.FAIL);
            assertThat(finding.act()).isEqualTo("check the network, or correct its url");
        });
    }

    @Test
    void oneThatHasCostWhatItMayInThisHourIsPassedOver() throws Exception {
        try (Sidecar sidecar = sidecar("""
                frontiers:
                  - name: one
                    url: "%s"
                    model: large
                    prices: {version: "1", token-in: 10, token-out: 100}
                    cost-per-hour: 500
                  - {name: two, url: "%s", model: big, key: key-of-two}
                """.formatted(one.url(), two.url()))) {
            assertThat(servedBy(ask(sidecar))).isEqualTo("one");
            assertThat(servedBy(ask(sidecar))).as("300 of 500 are spent").isEqualTo("one");
            assertThat(servedBy(ask(sidecar))).isEqualTo("two");
        }
    }

    @Test
    void aDeviceFromWhichNothingMayLeaveNeedsNone() throws Exception {
        try (Sidecar sidecar = sidecar("privacy: {class: on-device}\nrouting: {home: " + Scene.BUILD + "}\n")) {
            assertThat(servedBy(ask(sidecar))).isEqualTo(Scene.BUILD);
            assertThat(get(sidecar, "/v1/files").statusCode()).isEqualTo(403);
            assertThat(get(sidecar, "/v1/models").body()).contains("\"id\":\"" + Scene.BUILD + "\"");
        }
    }
}
