// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.testkit.OrdersServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the device and its owner set limits to: answers that take too long, heat.
class DeviceLimitsTest {
    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private OrdersServer ingest;
    private ChatServer frontier;
    private ChatServer local;

    @BeforeEach
    void start() throws Exception {
        ingest = new OrdersServer();
        frontier = new ChatServer().says("from the frontier");
        local = new ChatServer().says("from the device");
    }

    @AfterEach
    void stop() {
        ingest.close();
        frontier.close();
        local.close();
        http.close();
    }

    private Settings settings(String more) throws Exception {
        return SettingsReader.read(
                "test",
                """
                device: kiosk-17
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent}
                frontier: {url: "%s", model: large}
                edge: {server: {url: "%s", build: llm-1, model: large}}
                server: {url: "%s", token: t, feedback-key: "0011", signing-key: %s}
                log: {level: error}
                """.formatted(frontier.url(), local.url(), ingest.url(), ingest.writeKey(folder)) + more,
                Map.of(),
                folder);
    }

    private void approve(Sidecar sidecar) {
        Scene.order(
                ingest,
                sidecar,
                Scene.directive("llm-1", Directive.Mode.MODE_APPROVED)
                        .setChampion(ModelRef.newBuilder().setFrontier("frontier"))
                        .setPairingCanaryBp(0));
    }

    private HttpResponse<String> ask(Sidecar sidecar) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.port() + "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"model\": \"large\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String arm(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Edgewise-Arm").orElse("");
    }

    private void untilTold(String detail) {
        Scene.until(() -> ingest.statuses().stream()
                .anyMatch(status -> status.getEvent().equals("breaker-open")
                        && status.getDetail().contains(detail)));
    }

    @Test
    void aChallengerThatIsSlowerThanItsBudgetIsTheChampionsAndTheServerIsTold() throws Exception {
        local.takes(60);
        try (Sidecar sidecar = Sidecar.start(settings("breaker: {p99: 30ms}\n"))) {
            approve(sidecar);
            for (int i = 0; i < 5; i++) {
                assertThat(arm(ask(sidecar)))
                        .as("answer %d, late but an answer", i)
                        .isEqualTo("challenger");
            }
            HttpResponse<String> sixth = ask(sidecar);

            assertThat(arm(sixth)).isEqualTo("champion");
            assertThat(sixth.headers().firstValue("X-Edgewise-Reason")).hasValue("challenger:breaker_open");
            untilTold("llm-1: ");
        }
    }

    @Test
    void withoutABudgetItMayTakeItsTime() throws Exception {
        local.takes(60);
        try (Sidecar sidecar = Sidecar.start(settings(""))) {
            approve(sidecar);
            for (int i = 0; i < 7; i++) {
                assertThat(arm(ask(sidecar))).isEqualTo("challenger");
            }
        }
    }

    @Test
    void inHeatTheChampionAnswersAndTheServerIsTold() throws Exception {
        Path zone = Files.createDirectories(folder.resolve("system/thermal/thermal_zone0"));
        Files.writeString(zone.resolve("trip_point_0_type"), "passive\n");
        Files.writeString(zone.resolve("trip_point_0_temp"), "85000\n");
        Files.writeString(zone.resolve("temp"), "91000\n");
        try (Sidecar sidecar = Sidecar.start(Backend.open(settings(""), Backend.Senses.at(folder.resolve("system"))))) {
            approve(sidecar);

            assertThat(arm(ask(sidecar))).isEqualTo("champion");
            assertThat(local.asked()).isEmpty();
            untilTold("the device is serious");
            Scene.until(() -> !ingest.observations().isEmpty());
            assertThat(ingest.observations().getFirst().getContext().getThermal())
                    .isEqualTo("serious");
        }
    }
}
