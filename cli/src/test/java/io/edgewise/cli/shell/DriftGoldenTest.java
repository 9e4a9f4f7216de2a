// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.features.TextFeatures;
import io.edgewise.agent.onnx.OnnxClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tables "Expected results: drift", "A slow change" and the drift columns of "bad builds" of models/README.md,
/// from files of what the models answered.
class DriftGoldenTest {
    private static final String INT4 = "edge-intent-int4";
    private static final double PRINTED = 6e-4;

    @TempDir
    Path folder;

    private final Map<String, String> domains = domains();

    @Test
    void everyScenarioMovesAsExpected() throws IOException {
        JsonNode expected = expected().required("scenarios");
        try (OnnxClassifier model = Repository.model(INT4)) {
            Path baseline = answers("baseline", model, Repository.scenario("baseline"));
            int compared = 0;
            for (Map.Entry<String, JsonNode> scenario : expected.properties()) {
                Path current = answers(scenario.getKey(), model, Repository.scenario(scenario.getKey()));
                compare(scenario.getKey(), baseline, current, scenario.getValue(), true);
                compared++;
            }
            assertThat(compared).isEqualTo(14);
        }
    }

    @Test
    void aSlowChangeGrowsAsExpected() throws IOException {
        JsonNode windows = expected().required("gradual_oos_windows_of_300");
        try (OnnxClassifier model = Repository.model(INT4)) {
            Path baseline = answers("baseline", model, Repository.scenario("baseline"));
            List<Map<String, String>> all = Repository.scenario("gradual_oos");
            for (int i = 0; i < windows.size(); i++) {
                Path current = answers("window" + i, model, all.subList(300 * i, 300 * i + 300));
                compare("window " + i, baseline, current, windows.required(i), true);
            }
            assertThat(windows.size()).isEqualTo(12);
        }
    }

    @Test
    void badBuildsMoveAsExpected() throws IOException {
        JsonNode builds = expected().required("variants_on_control");
        Path baseline;
        try (OnnxClassifier model = Repository.model(INT4)) {
            baseline = answers("baseline", model, Repository.scenario("baseline"));
        }
        for (Map.Entry<String, JsonNode> build : builds.properties()) {
            try (OnnxClassifier model = Repository.model(build.getKey())) {
                Path current = answers(build.getKey(), model, Repository.scenario("control"));
                compare(build.getKey(), baseline, current, build.getValue(), false);
            }
        }
        assertThat(builds.size()).isEqualTo(8);
    }

    private static void compare(String what, Path baseline, Path current, JsonNode expected, boolean labels)
            throws IOException {
        JsonNode report = Run.of(
                        "drift",
                        "--baseline",
                        baseline.toString(),
                        "--current",
                        current.toString(),
                        "--format",
                        "json",
                        "--categorical",
                        "tokens")
                .json();
        JsonNode confidence = column(report, "confidence");
        JsonNode domain = column(report, "domain");
        same(what + " PSI confidence", psi(confidence), expected.required("psi_confidence"));
        same(what + " PSI entropy", psi(column(report, "entropy")), expected.required("psi_entropy"));
        same(what + " PSI predicted domain", psi(domain), expected.required("psi_predicted_domain"));
        same(what + " PSI tokens", psi(column(report, "tokens")), expected.required("psi_tokens"));
        same(what + " KS D", confidence.required("distribution").required("d"), expected.required("ks_confidence"));
        double p = expected.required("ks_confidence_p").doubleValue();
        assertThat(confidence.required("distribution").required("pAsymptotic").doubleValue())
                .as(what + " KS p")
                .isCloseTo(p, within(0.06 * p));
        if (labels) {
            same(
                    what + " JS intents",
                    column(report, "label").required("jensenShannonBits"),
                    expected.required("js_predicted_intent_bits"));
        }
    }

    private static void same(String what, JsonNode value, JsonNode expected) {
        assertThat(value.doubleValue()).as(what).isCloseTo(expected.doubleValue(), within(PRINTED));
    }

    private static JsonNode psi(JsonNode column) {
        return column.required("psi").required("value");
    }

    private static JsonNode column(JsonNode report, String name) {
        for (JsonNode column : report.required("columns")) {
            if (column.required("column").textValue().equals(name)) {
                return column;
            }
        }
        throw new IllegalStateException("no column " + name);
    }

    private static JsonNode expected() throws IOException {
        return new ObjectMapper()
                .readTree(Repository.MODELS.resolve("drift.json").toFile());
    }

    /// What a model answers, as a device would log it.
    private Path answers(String name, OnnxClassifier model, List<Map<String, String>> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map<String, String> row : rows) {
            String text = row.getOrDefault("text", "");
            ModelAnswer answer = model.infer(text);
            long tokens = Math.round(TextFeatures.of(text).getOrDefault("tokens", 0.0));
            lines.add(answer.confidence().orElseThrow() + "," + answer.entropy().orElseThrow() + "," + answer.label()
                    + "," + domains.get(answer.label()) + ",t" + Math.clamp(tokens, 4, 13));
        }
        return Repository.csv(folder.resolve(name + ".csv"), "confidence,entropy,label,domain,tokens", lines);
    }

    private static Map<String, String> domains() {
        Map<String, String> domains = new HashMap<>();
        Repository.table(Repository.DATA.resolve("clinc150/clinc150.tsv.gz"), "\t")
                .forEach(row -> domains.put(row.getOrDefault("intent", ""), row.getOrDefault("domain", "")));
        return domains;
    }
}
