// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.StatusCounters;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// From what devices post to what the running server decides: over HTTP, Kafka and PostgreSQL.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class AgentStatusIT {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";
    private static final int DEVICES = 30;

    private final Browser browser = new Browser();
    private final DeviceSecrets devices;
    private final SecretsFolder.Secrets secrets;

    AgentStatusIT(DeviceSecrets devices, SecretsFolder.Secrets secrets) {
        this.devices = devices;
        this.secrets = secrets;
    }

    @Test
    void devicesThatCrashRollTheirBuildBackAndTheRollBackIsFollowedUntilTheyHaveConfirmed() throws Exception {
        String id = start();
        for (int device = 0; device < DEVICES; device++) {
            tell(device, status(id, 1, "shadow"));
        }
        Await.until("all are known", () -> rollout(id).at("/devices/known").asInt() == DEVICES);

        for (int device = 0; device < 9; device++) {
            tell(device, status(id, 1, "shadow").putCounters(StatusCounters.CHALLENGER_CRASHED, 1));
        }
        Await.until("called back", () -> rollout(id).path("phase").asText().equals("rolling_back"));
        // A look may fall between two devices' words: it then decides on the first of them.
        assertThat(rollout(id).path("lastDecision").asText())
                .containsPattern("Devices whose challenger crashed \\d+\\.\\d % \\[")
                .contains("of 30 devices; limit 1 %: BREACH");
        Await.until(
                "all crashes are known",
                () -> rollout(id).at("/devices/crashed").asInt() == 9);
        JsonNode back = rollout(id);
        assertThat(back.at("/devices/unconfirmed").asInt()).isEqualTo(DEVICES);

        for (int device = 0; device < DEVICES; device++) {
            tell(device, status(id, back.path("revision").asLong(), "champion-only"));
        }
        Await.until("home", () -> rollout(id).path("outcome").asText().equals("rolled_back"));
        assertThat(rollout(id).path("lastDecision").asText())
                .isEqualTo("Rolled back everywhere: all 30 devices that were seen obey the champion.");
        JsonNode replay = json(browser.get("/api/v1/rollouts/" + id + "/replay", operator()));
        assertThat(replay.path("same").asBoolean()).as(replay.toString()).isTrue();
    }

    @Test
    void aDeviceTellsOnlyOfItselfAndOnlyWhatCanBeRead() {
        byte[] other = "{\"device\": \"someone-else\"}".getBytes(StandardCharsets.UTF_8);
        byte[] own = "{\"workload\": \"w\", \"event\": \"opened\"}".getBytes(StandardCharsets.UTF_8);
        byte[] broken = {5, 1};

        assertThat(post(JSON, own).body()).isEqualTo("{\"accepted\":1}");
        assertThat(post(JSON, other).statusCode()).isEqualTo(400);
        assertThat(post(JSON, other).body()).contains("a device tells of itself");
        assertThat(post(JSON, "[".getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(400);
        assertThat(post(PROTOBUF, broken).body()).contains("status 1 cannot be read");
        assertThat(browser.post("/ingest/v1/status", JSON, own, Map.of()).statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> post(String type, byte[] body) {
        return browser.post("/ingest/v1/status", type, body, bearer("teller"));
    }

    private String start() throws Exception {
        String plan = "{\"stages\": [{\"shareBp\": 0}, {\"shareBp\": 100}, {\"shareBp\": 10000}],"
                + " \"guardrails\": [{\"name\": \"crashes\"}], \"waivers\": {}}";
        put("/api/v1/workloads/crashing", "{}");
        put(
                "/api/v1/builds/crashing-int4",
                "{\"workload\": \"crashing\", \"artifacts\": {\"any\": \"" + "c".repeat(64) + "\"}}");
        HttpResponse<String> started = browser.post(
                "/api/v1/rollouts",
                JSON,
                ("{\"workload\": \"crashing\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\": \"crashing-int4\","
                                + " \"plan\": " + plan + "}")
                        .getBytes(StandardCharsets.UTF_8),
                operator());
        assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
        return json(started).path("rollout").asText();
    }

    private void put(String path, String body) {
        HttpResponse<String> answer = browser.put(path, JSON, body.getBytes(StandardCharsets.UTF_8), operator());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static AgentStatus.Builder status(String rollout, long revision, String mode) {
        return AgentStatus.newBuilder()
                .setWorkload("crashing")
                .setRollout(rollout)
                .setRevisionObeyed(revision)
                .setMode(mode)
                .setBuild("crashing-int4");
    }

    private void tell(int device, AgentStatus.Builder status) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        status.build().writeDelimitedTo(body);
        HttpResponse<String> answer =
                browser.post("/ingest/v1/status", PROTOBUF, body.toByteArray(), bearer("crash-" + device));
        assertThat(answer.body()).isEqualTo("{\"accepted\":1}");
    }

    private Map<String, String> bearer(String device) {
        return Map.of("Authorization", "Bearer " + devices.token("default", device));
    }

    private Map<String, String> operator() {
        return Map.of("Authorization", "Bearer " + secrets.operatorToken());
    }

    private JsonNode rollout(String id) throws Exception {
        return json(browser.get("/api/v1/rollouts/" + id, operator()));
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
