// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What an admin is given for a device opens ingest for that device, and is written down.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class EnrolmentIT {
    private final Browser browser = new Browser();
    private final SecretsFolder.Secrets secrets;
    private final DeviceSecrets devices;

    EnrolmentIT(SecretsFolder.Secrets secrets, DeviceSecrets devices) {
        this.secrets = secrets;
        this.devices = devices;
    }

    private HttpResponse<String> enrol(String body) {
        return browser.post(
                "/api/v1/devices",
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                bearer(secrets.operatorToken()));
    }

    @Test
    void whatIsGivenOpensIngestAndIsTheSameAgain() {
        HttpResponse<String> answer = enrol("{\"device\": \"kiosk-30\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonObject device = new JsonObject(answer.body());

        assertThat(device.getString("tenant")).isEqualTo("default");
        assertThat(device.getString("feedbackKey"))
                .isEqualTo(HexFormat.of().formatHex(devices.feedbackKey("default", "kiosk-30")));
        assertThat(device.getString("signingKey"))
                .isEqualTo(SigningPem.pem(
                        "PUBLIC KEY", secrets.signing().publicKey().getEncoded()));
        assertThat(browser.post(
                                "/ingest/v1/status",
                                "application/json",
                                "{\"device\": \"kiosk-30\"}".getBytes(StandardCharsets.UTF_8),
                                Map.of("Authorization", "Bearer " + device.getString("token")))
                        .body())
                .isEqualTo("{\"accepted\":1}");
        assertThat(enrol("{\"device\": \"kiosk-30\"}").body()).isEqualTo(answer.body());
        assertThat(browser.get("/api/v1/audit/export", Map.of("Authorization", "Bearer " + secrets.operatorToken()))
                        .body())
                .contains("enrolled device kiosk-30")
                .doesNotContain(device.getString("token"), device.getString("feedbackKey"));
    }

    @Test
    void aDeviceWithoutAProperNameIsNotEnrolled() {
        assertThat(enrol("{\"device\": \"Kiosk 30\"}").body()).contains("1 to 128 characters of a-z 0-9");
        assertThat(enrol("{}").statusCode()).isEqualTo(400);
        assertThat(enrol("{\"name\": \"kiosk-30\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void aRevokedDeviceIsTurnedAwayForGoodAndNobodyElseIs() {
        String token = new JsonObject(enrol("{\"device\": \"lost\"}").body()).getString("token");
        assertThat(orders(token).statusCode()).isEqualTo(200);

        assertThat(revoke("").statusCode()).as("without a reason").isEqualTo(400);
        assertThat(revoke("?why=left%20in%20a%20taxi").statusCode()).isEqualTo(204);

        Await.until("ingest has heard of it", () -> orders(token).statusCode() == 401);
        assertThat(orders(token).body()).contains("\"title\":\"revoked\"", "under another name");
        for (String kind : List.of("batches", "feedback", "status")) {
            assertThat(browser.post("/ingest/v1/" + kind, "application/x-protobuf", new byte[0], bearer(token))
                            .statusCode())
                    .as(kind)
                    .isEqualTo(401);
        }
        assertThat(orders(devices.token("default", "kept")).statusCode()).isEqualTo(200);
        assertThat(orders(devices.token("acme", "lost")).statusCode()).isEqualTo(200);
        assertThat(enrol("{\"device\": \"lost\"}").statusCode()).isEqualTo(409);
        assertThat(revoke("?why=again").statusCode())
                .as("once more changes nothing")
                .isEqualTo(204);
        assertThat(browser.get("/api/v1/audit/export", bearer(secrets.operatorToken()))
                        .body())
                .containsOnlyOnce("revoked device lost, because: left in a taxi")
                .doesNotContain("because: again");
    }

    private HttpResponse<String> revoke(String query) {
        return browser.call("DELETE", "/api/v1/devices/lost" + query, bearer(secrets.operatorToken()));
    }

    private HttpResponse<String> orders(String token) {
        return browser.get("/ingest/v1/orders?workload=w&wait=0", bearer(token));
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }
}
