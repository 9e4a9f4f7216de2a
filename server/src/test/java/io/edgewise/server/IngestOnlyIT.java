// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A process that runs ingest alone: the public surface, without a database.
@QuarkusTest
@TestProfile(IngestOnlyIT.IngestOnly.class)
@QuarkusTestResource(value = EmbeddedPlatform.class, restrictToAnnotatedClass = true)
class IngestOnlyIT {
    private final Browser browser = new Browser();
    private final DeviceSecrets devices;
    private final SecretsFolder.Secrets secrets;

    IngestOnlyIT(DeviceSecrets devices, SecretsFolder.Secrets secrets) {
        this.devices = devices;
        this.secrets = secrets;
    }

    public static final class IngestOnly implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "edgewise.roles", "ingest", "quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:1/none");
        }
    }

    @Test
    void isReadyWithoutADatabase() {
        Await.until("readiness is UP", () -> browser.get("/q/health/ready").statusCode() == 200);

        assertThat(browser.get("/q/health/ready").body()).contains("ingest").doesNotContain("drift");
    }

    @Test
    void servesDevicesAndNothingElse() {
        Map<String, String> device = Map.of("Authorization", "Bearer " + devices.token("default", "device-1"));
        Map<String, String> operator = Map.of("Authorization", "Bearer " + secrets.operatorToken());

        assertThat(browser.bytes("/ingest/v1/orders?workload=w&wait=0", device).statusCode())
                .isEqualTo(200);
        assertThat(browser.get("/", operator).statusCode()).isEqualTo(404);
        assertThat(browser.get("/api/v1/rollouts", operator).statusCode()).isEqualTo(404);
    }
}
