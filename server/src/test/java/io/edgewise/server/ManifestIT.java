// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.GoldenCase;
import io.edgewise.contracts.v1.Signed;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Manifests of registered builds, signed by the running server with the key that devices trust.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class ManifestIT {
    private static final String SHA256 = "c".repeat(64);

    private final Browser browser = new Browser();
    private final SecretsFolder.Secrets secrets;

    ManifestIT(SecretsFolder.Secrets secrets) {
        this.secrets = secrets;
    }

    private HttpResponse<String> call(String method, String path, String body) {
        return browser.call(
                method,
                path,
                Map.of("Authorization", "Bearer " + secrets.operatorToken(), "Content-Type", "application/json"),
                body);
    }

    private HttpResponse<String> sign(BuildManifest.Builder manifest) {
        String base64 = Base64.getEncoder().encodeToString(manifest.build().toByteArray());
        return call("POST", "/api/v1/manifests", "{\"manifest\": \"" + base64 + "\"}");
    }

    private static BuildManifest.Builder manifest(String build) {
        return BuildManifest.newBuilder()
                .setWorkload("published")
                .setBuild(build)
                .setRelease(1)
                .addLabels("yes")
                .addArtifacts(Artifact.newBuilder().setSha256(SHA256).setBytes(9))
                .addGolden(GoldenCase.newBuilder().setText("hello").setLabel("yes"));
    }

    @Test
    void aRegisteredBuildsManifestIsSignedForDevicesAndWrittenDown() throws Exception {
        call("PUT", "/api/v1/workloads/published", "{}");
        call(
                "PUT",
                "/api/v1/builds/published-v1",
                "{\"workload\": \"published\", \"artifacts\": {\"any\": \"" + SHA256 + "\"}}");

        HttpResponse<String> answer = sign(manifest("published-v1"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Signed signed = Signed.parseFrom(Base64.getDecoder().decode(new JsonObject(answer.body()).getString("signed")));
        assertThat(signed.getDomain()).isEqualTo(Signing.BUILD);
        assertThat(Signing.verify(signed, secrets.signing().publicKey())).isTrue();
        BuildManifest given = BuildManifest.parseFrom(signed.getPayload());
        assertThat(given.getTenant()).isEqualTo("default");
        assertThat(given.getIssuedAtMs()).isPositive();
        assertThat(call("GET", "/api/v1/audit/export", "").body())
                .contains("had the manifest of build published-v1, release 1, signed");

        assertThat(sign(manifest("published-v1").setWorkload("other")).statusCode())
                .isEqualTo(409);
        assertThat(sign(manifest("published-v1")
                                .addArtifacts(Artifact.newBuilder().setSha256("d".repeat(64))))
                        .body())
                .contains("is not among those that build published-v1 was registered with");
    }

    @Test
    void whatNoDeviceCouldUseIsNotSigned() {
        assertThat(sign(manifest("never-registered")).statusCode()).isEqualTo(404);
        assertThat(sign(manifest("x").clearGolden()).body()).contains("golden: it has no cases");
        assertThat(sign(manifest("x").setRelease(0)).body()).contains("release: counts from 1");
        assertThat(call("POST", "/api/v1/manifests", "{\"manifest\": \"?\"}").body())
                .contains("a serialized BuildManifest in Base64");
    }
}
