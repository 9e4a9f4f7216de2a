// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `validate` says of the answers on every drift scenario, and on the slow change window by window, is what the
/// tables of models/README.md have: agreement, accuracies, mean confidence, ECE.
class ScenarioPairsGoldenTest {
    private static final double EXACT = 5.1e-7;

    /// Probabilities differ in their last bits between processors.
    private static final double CALIBRATION = 1e-6;

    private final List<Map<String, String>> answers =
            Repository.table(Repository.MODELS.resolve("scenario-answers.tsv.gz"), "\t");

    @TempDir
    Path folder;

    @Test
    void everyScenarioHasThePrintedAgreementAccuracyAndCalibration() throws IOException {
        Map<String, List<Map<String, String>>> scenarios =
                answers.stream().collect(Collectors.groupingBy(row -> row.getOrDefault("scenario", "")));
        int compared = 0;
        for (Map.Entry<String, JsonNode> expected :
                expected().required("scenarios").properties()) {
            same(expected.getKey(), scenarios.getOrDefault(expected.getKey(), List.of()), expected.getValue());
            compared++;
        }
        assertThat(compared).isEqualTo(14);
    }

    @Test
    void theSlowChangeHasThePrintedAgreementAndConfidence() throws IOException {
        List<Map<String, String>> slow = answers.stream()
                .filter(row -> row.getOrDefault("scenario", "").equals("gradual_oos"))
                .toList();
        JsonNode windows = expected().required("gradual_oos_windows_of_300");
        assertThat(windows.size()).isEqualTo(12);
        for (int i = 0; i < windows.size(); i++) {
            same("window " + i, slow.subList(300 * i, 300 * i + 300), windows.required(i));
        }
    }

    private void same(String what, List<Map<String, String>> rows, JsonNode expected) throws IOException {
        List<String> lines = rows.stream()
                .map(row -> String.join(
                        ",",
                        row.getOrDefault("label", ""),
                        row.getOrDefault("frontier", ""),
                        row.getOrDefault("intent", ""),
                        row.getOrDefault("confidence", "")))
                .toList();
        Path pairs = Repository.csv(folder.resolve("pairs.csv"), "edge,frontier,intent,confidence", lines);
        JsonNode report = Run.of(
                        "validate",
                        "--pairs",
                        pairs.toString(),
                        "--map",
                        "edge=edge,frontier=frontier,truth=intent,confidence=confidence",
                        "--format",
                        "json")
                .json();

        number(what + " n", report.at("/rows"), expected.required("n"), EXACT);
        number(what + " agreement", report.at("/agreement/share"), expected.required("agreement"), EXACT);
        number(what + " edge accuracy", report.at("/edgeAccuracy/share"), expected.required("edge_accuracy"), EXACT);
        number(
                what + " frontier accuracy",
                report.at("/frontierAccuracy/share"),
                expected.required("frontier_accuracy"),
                EXACT);
        number(
                what + " confidence",
                report.at("/ece/meanConfidence"),
                expected.required("mean_confidence"),
                CALIBRATION);
        number(what + " ECE", report.at("/ece/value"), expected.required("ece_width_15"), CALIBRATION);
    }

    private static void number(String what, JsonNode value, JsonNode expected, double tolerance) {
        assertThat(value.doubleValue()).as(what).isCloseTo(expected.doubleValue(), within(tolerance));
    }

    private static JsonNode expected() throws IOException {
        return new ObjectMapper()
                .readTree(Repository.MODELS.resolve("drift.json").toFile());
    }
}
