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
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
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
        assertThat(asDeviceDoes("voice", BUILD, "what is my balance")).isEqualTo("balance");
    }

    /// A transformer encoder with its own tokenizer, and a label set of its own.
    @Test
    void aBuildOfAnyKindIsPublishedFromTheManifestThatItsAuthorWrote() throws Exception {
        Run run = describe(folder.resolve("encoder.json"), "file:domain-encoder.onnx");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("domain-encoder, release 7, with 2 golden cases, is in ");
        assertThat(asDeviceDoes("clinc-domains", "domain-encoder", "transfer money to my savings account"))
                .isEqualTo("banking");
    }

    @Test
    void aManifestIsRefusedWithWhatIsWrongInIt() throws Exception {
        Path description = folder.resolve("encoder.json");

        assertThat(describe(description, "file:gone.onnx").err())
                .contains("an artifact's sha256 is \"file:gone.onnx\", but there is no such file beside")
                .contains("encoder.json");
        assertThat(describe(description, "0".repeat(64)).err())
                .contains("has no artifact for the runtime onnxruntime and the provider cpu with a file here");
        assertThat(describe(description, "file:domain-encoder.onnx", "--build", BUILD)
                        .err())
                .contains("--manifest says all of a build: leave --models, --build, --labels and --workload out");
        Files.writeString(description, "{\"workload\":\"clinc-domains\",\"lables\":[]}");
        assertThat(publish(description).err())
                .contains("encoder.json is no manifest as JSON")
                .contains("lables");
        assertThat(server.run("publish", "--golden", description.toString(), "--out", "out")
                        .err())
                .contains("say which build: --models, --build, --labels and --workload");
        assertThat(server.lines()).isEmpty();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private Run describe(Path description, String model, String... more) throws IOException {
        for (String file : List.of("domain-encoder.onnx", "tokenizer.json")) {
            Files.copy(
                    Repository.MODELS.resolve("domains").resolve(file),
                    folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> labels = new ArrayList<>();
        new ObjectMapper()
                .readTree(
                        Files.readAllBytes(Repository.MODELS.resolve("domains").resolve("domains.json")))
                .get("labels")
                .forEach(label -> labels.add('"' + label.asText() + '"'));
        Files.writeString(description, """
                {
                  "workload": "clinc-domains", "build": "domain-encoder", "release": 7,
                  "output": "logits", "confidence": "logits", "tolerance": 0.001,
                  "labels": %s,
                  "preprocessing": {"huggingFace": {
                    "sha256": "file:tokenizer.json", "maxLength": 48,
                    "inputIds": "input_ids", "attentionMask": "attention_mask"}},
                  "artifacts": [{"runtime": "onnxruntime", "provider": "cpu", "sha256": "%s"}]
                }
                """.formatted(labels, model));
        return publish(description, more);
    }

    private Run publish(Path description, String... more) throws IOException {
        Path golden = Files.writeString(
                folder.resolve("golden.txt"), "transfer money to my savings account\nwhat is the weather like\n");
        List<String> words = new ArrayList<>(List.of("publish", "--manifest", description.toString()));
        words.addAll(List.of("--golden", golden.toString()));
        words.addAll(List.of("--out", folder.resolve("out").toString()));
        words.addAll(List.of(more));
        return server.run(words.toArray(String[]::new));
    }

    private String asDeviceDoes(String workload, String build, String text) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient();
                BuildKeeper keeper = BuildKeeper.open(
                        new BuildKeeper.Place(folder.resolve("device"), "default", workload, 64 << 20),
                        DeviceTraits.here(Map.of(OnnxLoader.RUNTIME, OnnxLoader.version()), List.of("cpu")),
                        new BuildKeeper.Surroundings(
                                new HttpBuilds(http, URI.create(server.url() + "/files"), Optional.empty()),
                                new OnnxLoader((event, detail) -> {}),
                                () -> Keyring.of(keys.getPublic()),
                                () -> 1,
                                (event, detail) -> {}))) {
            EdgeModel fetched = keeper.obtain(build);
            return fetched.infer(text).label();
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
