// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.ModelAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxGoldenTest {
    private static final Path MODELS = Path.of("../../models");
    private static final Path LABELS = Path.of("../../data/clinc150/labels.json");

    /// Rows whose two best labels are nearer than this may flip on other processors.
    private static final double TINY_MARGIN = 1e-4;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "edge-intent-fp32",
                "edge-intent-int8",
                "edge-intent-int4",
                "edge-intent-bad-int4",
                "edge-intent-bad-scales",
                "edge-intent-bad-overconfident",
                "edge-intent-bad-stale",
                "frontier-intent"
            })
    void answersLikeTheGoldenFile(String build) throws IOException {
        List<String> flipped = new ArrayList<>();
        List<String> lines = Files.readAllLines(MODELS.resolve("golden.jsonl"));
        try (OnnxClassifier model = OnnxClassifier.open(ModelManifest.load(MODELS, build), Labels.load(LABELS))) {
            for (String line : lines) {
                JsonNode row = new ObjectMapper().readTree(line);
                JsonNode expected = row.get("predictions").get(build);
                ModelAnswer answer = model.infer(row.get("text").asText());
                assertThat(answer.confidence().orElseThrow())
                        .as(row.get("id").asText())
                        .isEqualTo(expected.get("confidence").asDouble(), within(1e-4));
                assertThat(answer.entropy().orElseThrow())
                        .as(row.get("id").asText())
                        .isEqualTo(expected.get("entropy").asDouble(), within(2e-3));
                assertThat(answer.top()).hasSize(3);
                if (!answer.label().equals(expected.get("label").asText())) {
                    assertThat(expected.get("margin").asDouble())
                            .as(row.get("id").asText())
                            .isLessThan(TINY_MARGIN);
                    flipped.add(row.get("id").asText());
                }
            }
        }
        assertThat(flipped).hasSizeLessThan(3);
    }

    @Test
    void refusesAFileThatIsNotTheReleasedOne(@TempDir Path folder) throws IOException {
        Files.copy(MODELS.resolve("models.json"), folder.resolve("models.json"));
        Files.copy(MODELS.resolve("edge-intent-int4.onnx"), folder.resolve("edge-intent-int4.onnx"));
        Files.write(folder.resolve("edge-intent-int4.onnx"), new byte[] {0}, StandardOpenOption.APPEND);

        assertThatThrownBy(() -> ModelManifest.load(folder, "edge-intent-int4"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("edge-intent-int4.onnx");
        assertThatThrownBy(() -> ModelManifest.load(folder, "edge-intent-int8"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void namesTheKnownBuildsWhenOneIsUnknown() {
        assertThatThrownBy(() -> ModelManifest.load(MODELS, "edge-intent-int2"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("edge-intent-int4");
    }

    @Test
    void refusesAManifestThatPointsOutOfItsFolder(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("models.json"),
                Files.readString(MODELS.resolve("models.json"))
                        .replace("\"edge-intent-int4.onnx\"", "\"../edge-intent-int4.onnx\""));

        assertThatThrownBy(() -> ModelManifest.load(folder, "edge-intent-int4"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model file");
    }

    @Test
    void refusesLabelsThatDoNotFit() throws IOException {
        ModelManifest manifest = ModelManifest.load(MODELS, "edge-intent-int4");

        assertThatThrownBy(() -> OnnxClassifier.open(manifest, List.of("yes", "no")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("151");
    }
}
