// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.builds.BuildKeeper;
import io.edgewise.agent.builds.DeviceTraits;
import io.edgewise.agent.onnx.OnnxLoader;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.shell.HttpBuilds;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.BuildManifest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A server that signs as the real one does, a plain file server on what was written, and a device's own keeper of
/// builds, which takes nothing that it cannot verify.
class PublishCommandTest {
    private static final String BUILD = "edge-intent-int4";

    @TempDir
    private Path folder;

    @RegisterExtension
    private final StandInServer server = new StandInServer();

    private KeyPair keys;

    @BeforeEach
    void start() throws Exception {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        server.on("/api/v1/manifests", exchange -> {
            String asked = new ObjectMapper()
                    .readTree(exchange.getRequestBody())
                    .path("manifest")
                    .asText();
            BuildManifest manifest = BuildManifest.parseFrom(Base64.getDecoder().decode(asked)).toBuilder()
                    .setTenant("default")
                    .build();
            byte[] signed = Signing.sign(Signing.BUILD, manifest.toByteArray(), "k1", keys.getPrivate())
                    .toByteArray();
            StandInServer.write(
                    exchange, 200, "{\"signed\":\"" + Base64.getEncoder().encodeToString(signed) + "\"}");
        });
        server.on("/files/", exchange -> {
            Path file = folder.resolve("out")
                    .resolve(exchange.getRequestURI().getPath().substring("/files/".length()));
            byte[] content = Files.readAllBytes(file);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });
    }

    private Run publish(String golden) throws IOException {
        return server.run(
                "publish",
                "--models",
                Repository.MODELS.toString(),
                "--build",
                BUILD,
                "--labels",
                Repository.DATA.resolve("clinc150/labels.json").toString(),
                "--golden",
                Files.writeString(folder.resolve("golden.txt"), golden).toString(),
                "--workload",
                "voice",
                "--release",
                "4",
                "--out",
                folder.resolve("out").toString());
    }

    @Test
    void whatIsPublishedADeviceFetchesProvesAndServes() throws Exception {
        Run run = publish("how do i change my oil\n\nwhat is my balance\n");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("edge-intent-int4, release 4, with 2 golden cases, is in ");
        try (HttpClient http = HttpClient.newHttpClient();
                BuildKeeper keeper = BuildKeeper.open(
                        new BuildKeeper.Place(folder.resolve("device"), "default", "voice", 64 << 20),
                        DeviceTraits.here(Map.of(OnnxLoader.RUNTIME, OnnxLoader.version()), List.of("cpu")),
                        new BuildKeeper.Surroundings(
                                new HttpBuilds(http, URI.create(server.url() + "/files"), Optional.empty()),
                                new OnnxLoader((event, detail) -> {}),
                                () -> Keyring.of(keys.getPublic()),
                                () -> 1,
                                (event, detail) -> {}))) {
            EdgeModel fetched = keeper.obtain(BUILD);
            assertThat(fetched.infer("what is my balance").label()).isEqualTo("balance");
        }
    }

    @Test
    void whereTheServerRefusesNothingIsWritten() throws IOException {
        server.on("/api/v1/manifests", 404, "{\"title\":\"build is not there\",\"detail\":\"register it first\"}");

        Run run = publish("what is my balance\n");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("the server says 404, build is not there: register it first");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(publish("\n").err()).contains("golden.txt holds 0 requests; a manifest has 1 to 1000");
    }
}
