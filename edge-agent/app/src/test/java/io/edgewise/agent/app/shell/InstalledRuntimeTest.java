// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.agent.onnx.OnnxLoader;
import io.edgewise.testkit.OrdersServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Builds that came with the agent, at starts with the runtime that they are made for, and with another one.
class InstalledRuntimeTest {
    private static final Path MODELS = Scene.HOME.resolve("models");
    private static final String BUILD = "edge-intent";
    private static final String SPECIAL = "edge-intent-int8";
    private static final String PLAIN = "edge-intent-int4";

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private OrdersServer ingest;

    @BeforeEach
    void start() throws Exception {
        ingest = new OrdersServer();
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    private JsonNode released(String build) throws Exception {
        for (JsonNode entry : json.readTree(MODELS.resolve("models.json").toFile())) {
            if (entry.path("name").asText().equals(build)) {
                return entry;
            }
        }
        throw new AssertionError("no " + build);
    }

    /// One file that is made for this version, and others that are made for any.
    private void install(String madeFor, List<String> plain) throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        ArrayNode entries = json.createArrayNode();
        add(entries, models, SPECIAL).put("sdk_version", madeFor);
        for (String build : plain) {
            add(entries, models, build);
        }
        json.writeValue(models.resolve("models.json").toFile(), entries);
    }

    private ObjectNode add(ArrayNode entries, Path models, String build) throws Exception {
        ObjectNode entry = released(build).deepCopy();
        Path file = models.resolve(entry.path("file").asText());
        if (!Files.exists(file)) {
            Files.copy(MODELS.resolve(entry.path("file").asText()), file);
        }
        return entries.addObject().setAll(entry.put("name", BUILD));
    }

    private Settings settings() throws Exception {
        return SettingsReader.read(
                "test", """
                device: kiosk-17
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "http://127.0.0.1:1", model: none}
                edge: {models: models, builds: [%s]}
                server: {url: "%s", token: t, feedback-key: "0011", signing-key: %s}
                log: {level: error}
                """.formatted(Scene.HOME, BUILD, ingest.url(), ingest.writeKey(folder)), Map.of(), folder);
    }

    private String sha256(Sidecar sidecar) {
        EdgeModel model = sidecar.backend().build(BUILD).orElseThrow();
        assertThat(model.infer("how do i change my oil").label()).isNotEmpty();
        return model.artifactSha256();
    }

    private void waitFor(String event, String detail) {
        Scene.until(() -> ingest.statuses().stream()
                .anyMatch(status -> status.getEvent().equals(event) && Objects.equals(status.getDetail(), detail)));
    }

    private List<String> told() throws Exception {
        return new Doctor(settings())
                .look().stream()
                        .filter(finding -> finding.what().equals("model " + BUILD))
                        .map(finding -> finding.state() + " " + finding.how() + " → " + finding.act())
                        .toList();
    }

    @Test
    void anotherRuntimeThanAtTheLastStartTakesTheFileForAnyVersionAndSaysSo() throws Exception {
        install(OnnxLoader.version(), List.of(PLAIN));
        try (Sidecar sidecar = Sidecar.start(settings())) {
            assertThat(sha256(sidecar))
                    .isEqualTo(released(SPECIAL).path("sha256").asText());
        }
        assertThat(told()).singleElement().asString().startsWith("OK onnxruntime ");

        install("0.1.0", List.of(PLAIN));
        String why = BUILD + " edge-intent-int8.onnx: made for version 0.1.0 of onnxruntime, but "
                + OnnxLoader.version() + " is here";
        try (Sidecar sidecar = Sidecar.start(settings())) {
            assertThat(sha256(sidecar)).isEqualTo(released(PLAIN).path("sha256").asText());
            waitFor("artifact-passed-over", why);
        }
        assertThat(told()).hasSize(2).contains("WARN " + why + " → install the file for this version");
    }

    @Test
    void aBuildOfWhichNothingFitsIsLeftOutAndTheAgentStarts() throws Exception {
        install("0.1.0", List.of());
        String why = "build " + BUILD + " in " + folder.resolve("models/models.json")
                + " is made for version 0.1.0 of onnxruntime, and " + OnnxLoader.version()
                + " is here; install one that is made for it, or for any";
        try (Sidecar sidecar = Sidecar.start(settings())) {
            assertThat(sidecar.backend().build(BUILD)).isEmpty();
            waitFor("build-refused", "runtime: " + why);
        }
        assertThat(told()).containsExactly("WARN " + why + " → install one: until then the champion answers");
    }
}
