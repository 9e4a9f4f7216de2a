// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.DeviceSecrets;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
                Map.of("Authorization", "Bearer " + secrets.operatorToken()));
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
}
