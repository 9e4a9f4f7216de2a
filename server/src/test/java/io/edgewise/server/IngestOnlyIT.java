// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Revocation;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that runs ingest alone: the public surface, without a database.
@QuarkusTest
@TestProfile(IngestOnlyIT.IngestOnly.class)
@QuarkusTestResource(value = EmbeddedPlatform.class, restrictToAnnotatedClass = true)
class IngestOnlyIT {
    private static final Path AUTHORITY = Path.of("target", "device-authority").toAbsolutePath();
    private static final String ORDERS = "/ingest/v1/orders?workload=w&wait=0";

    @TestHTTPResource(value = "/", tls = true)
    URI secure = URI.create("");

    private final TestAuthority authority = new TestAuthority(AUTHORITY);
    private final Browser browser = new Browser();
    private final DeviceSecrets devices;
    private final SecretsFolder.Secrets secrets;

    private final KafkaSettings kafka;

    IngestOnlyIT(DeviceSecrets devices, SecretsFolder.Secrets secrets, KafkaSettings kafka) {
        this.devices = devices;
        this.secrets = secrets;
        this.kafka = kafka;
    }

    public static final class IngestOnly implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            TestAuthority authority = TestAuthority.make(AUTHORITY);
            return Map.of(
                    "edgewise.roles",
                    "ingest",
                    "quarkus.datasource.jdbc.url",
                    "jdbc:postgresql://127.0.0.1:1/none",
                    "quarkus.http.ssl.certificate.files",
                    authority.certificate().toString(),
                    "quarkus.http.ssl.certificate.key-files",
                    authority.key().toString(),
                    "quarkus.http.test-ssl-port",
                    "0",
                    "edgewise.device-authorities",
                    authority.certificate().toString());
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

    /// Asks over TLS, showing what was issued under the alias, with a token or none.
    private HttpResponse<String> ask(String alias, String token, String path, String body) throws Exception {
        return ask(authority.client(authority, alias), token, path, body);
    }

    private HttpResponse<String> ask(SSLContext client, String token, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(secure.resolve(path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try (HttpClient http = HttpClient.newBuilder().sslContext(client).build()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aCertificateStandsForTheTokenOfTheDeviceThatItNamesAndOfNoOther() throws Exception {
        authority.issue("kiosk", "uri:edgewise://default/kiosk-40");

        assertThat(ask("kiosk", "", ORDERS, "").statusCode()).isEqualTo(200);
        assertThat(ask("kiosk", "", "/ingest/v1/status", "{\"device\": \"kiosk-40\"}")
                        .body())
                .isEqualTo("{\"accepted\":1}");
        assertThat(ask("kiosk", "", "/ingest/v1/status", "{\"device\": \"kiosk-41\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(ask("kiosk", devices.token("default", "kiosk-40"), ORDERS, "")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> two = ask("kiosk", devices.token("default", "kiosk-41"), ORDERS, "");
        assertThat(two.statusCode()).isEqualTo(401);
        assertThat(two.body()).contains("two-identities", "the token of another");
        assertThat(ask("kiosk", "", "/api/v1/rollouts", "").statusCode()).isIn(401, 404);

        revoke("kiosk-40");
        Await.until("ingest has heard of it", () -> status("kiosk") == 401);
        assertThat(ask("kiosk", "", ORDERS, "").body()).contains("revoked");
    }

    private int status(String alias) {
        try {
            return ask(alias, "", ORDERS, "").statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void revoke(String device) throws Exception {
        Signed revocation = secrets.signing()
                .sign(
                        Signing.REVOCATION,
                        Revocation.newBuilder()
                                .setTenant("default")
                                .setDevice(device)
                                .build()
                                .toByteArray());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer())) {
            producer.send(new ProducerRecord<>(
                            Topics.DIRECTIVES,
                            ("default/~revoked/" + device).getBytes(StandardCharsets.UTF_8),
                            revocation.toByteArray()))
                    .get();
        }
    }

    @Test
    void withoutACertificateTheTokenCountsAsBefore() throws Exception {
        assertThat(ask("", devices.token("default", "kiosk-42"), ORDERS, "").statusCode())
                .isEqualTo(200);
        assertThat(ask("", "", ORDERS, "").statusCode()).isEqualTo(401);
    }

    @Test
    void aCertificateThatNamesNoDeviceOrSeveralIsNobodys() throws Exception {
        authority
                .issue("nameless", "dns:default.kiosk-43")
                .issue("twofold", "uri:edgewise://default/kiosk-43,uri:edgewise://acme/kiosk-43");

        assertThat(status("nameless")).isEqualTo(401);
        assertThat(status("twofold")).isEqualTo(401);
        assertThat(ask("nameless", devices.token("default", "kiosk-43"), ORDERS, "")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotLetIn(@TempDir Path elsewhere) throws Exception {
        TestAuthority foreign = TestAuthority.make(elsewhere).issue("forged", "uri:edgewise://default/kiosk-44");
        // With the names of the authority that is asked for, so that the client shows it at all.
        SSLContext client = foreign.client(authority, "forged");

        assertThatThrownBy(() -> ask(client, "", ORDERS, "")).isInstanceOf(IOException.class);
    }
}
