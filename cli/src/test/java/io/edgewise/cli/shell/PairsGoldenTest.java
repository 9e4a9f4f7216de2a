// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tables "Measured", "Expected results: bad builds" and "Agreement by true domain" of models/README.md, from the
/// logged answers of every model.
class PairsGoldenTest {
    private static final String FRONTIER = "frontier-intent";
    private static final double EXACT = 6e-7;

    /// Confidences of the file have six digits.
    private static final double CALIBRATION = 2e-6;

    @TempDir
    Path folder;

    private final List<Map<String, String>> predictions =
            Repository.table(Repository.MODELS.resolve("predictions.tsv.gz"), "\t");

    @Test
    void theTableMeasuredIsReproduced() throws IOException {
        JsonNode quality = json("metrics.json").required("quality");
        for (String model : models()) {
            JsonNode all = validate(pairs(model, predictions));
            same(model + " test+oos", all, quality.required("test_and_oos").required(model));
            Predicate<Map<String, String>> inScope =
                    row -> !row.getOrDefault("intent", "").equals("oos");
            JsonNode test =
                    validate(pairs(model, predictions.stream().filter(inScope).toList()));
            same(model + " test", test, quality.required("test").required(model));
            assertThat(slice(all, "intent", "oos")
                            .required("edgeAccuracy")
                            .required("share")
                            .doubleValue())
                    .as(model + " oos recall")
                    .isCloseTo(
                            quality.required("test_and_oos")
                                    .required(model)
                                    .required("oos_recall")
                                    .doubleValue(),
                            within(EXACT));
        }
    }

    @Test
    void theTableOfBadBuildsIsReproduced() throws IOException {
        JsonNode builds = json("drift.json").required("variants_on_control");
        Map<String, Map<String, String>> byId = new HashMap<>();
        predictions.forEach(row -> byId.put(row.getOrDefault("id", ""), row));
        List<Map<String, String>> control = new ArrayList<>();
        for (Map<String, String> request : Repository.scenario("control")) {
            Map<String, String> row = new HashMap<>(byId.getOrDefault(request.getOrDefault("source_id", ""), Map.of()));
            row.put("domain", request.getOrDefault("domain", ""));
            control.add(row);
        }
        for (String model : models()) {
            JsonNode report = validate(pairs(model, control));
            JsonNode expected = builds.required(model);
            same(model, report, expected);
            expected.required("agreement_by_true_domain")
                    .properties()
                    .forEach(domain -> assertThat(slice(report, "domain", domain.getKey())
                                    .required("agreement")
                                    .required("share")
                                    .doubleValue())
                            .as(model + " in " + domain.getKey())
                            .isCloseTo(domain.getValue().doubleValue(), within(5.1e-5)));
        }
        JsonNode stale = validate(pairs("edge-intent-bad-stale", control));
        assertThat(stale.required("verdict").textValue()).isEqualTo("BREACH");
        assertThat(slice(stale, "domain", "banking").required("belowFloor").booleanValue())
                .isTrue();
        assertThat(slice(stale, "domain", "work").required("belowFloor").booleanValue())
                .isFalse();
    }

    private static long cells(JsonNode confusion, boolean agreed) {
        long sum = 0;
        for (JsonNode cell : confusion.required("cells")) {
            sum += cell.required("edge").equals(cell.required("frontier")) == agreed
                    ? cell.required("count").longValue()
                    : 0;
        }
        return sum;
    }

    private static void same(String what, JsonNode report, JsonNode expected) {
        number(what + " n", report.required("rows"), expected.required("n"), EXACT);
        JsonNode agreement = report.required("agreement");
        number(what + " agreement", agreement.required("share"), expected.required("agreement"), EXACT);
        for (int end = 0; end < 2; end++) {
            number(
                    what + " Wilson",
                    agreement.required("interval").required(end),
                    expected.required("agreement_wilson95").required(end),
                    EXACT);
        }
        number(what + " κ", report.required("kappa").required("value"), expected.required("cohen_kappa"), EXACT);
        number(
                what + " accuracy",
                report.required("edgeAccuracy").required("share"),
                expected.required("accuracy"),
                EXACT);
        JsonNode wins = report.required("winShare");
        number(what + " disagreements", wins.required("judged"), expected.required("disagreements"), EXACT);
        JsonNode confusion = report.required("confusion");
        assertThat(confusion.required("complete").booleanValue()).isTrue();
        assertThat(cells(confusion, true) + cells(confusion, false))
                .as(what + " confusion")
                .isEqualTo(expected.required("n").longValue());
        assertThat(cells(confusion, false))
                .as(what + " confusion")
                .isEqualTo(expected.required("disagreements").longValue());
        number(what + " edge right", wins.required("edgeWins"), expected.required("edge_right"), EXACT);
        number(what + " frontier right", wins.required("frontierWins"), expected.required("frontier_right"), EXACT);
        if (expected.required("disagreements").intValue() > 0) {
            number(what + " win share", wins.required("value"), expected.required("win_rate_on_disagreements"), EXACT);
        }
        double p = expected.required("mcnemar_p_exact").doubleValue();
        assertThat(report.required("mcNemar").required("pExact").doubleValue())
                .as(what + " McNemar")
                .isCloseTo(p, within(1e-9 * p));
        number(
                what + " confidence",
                report.required("ece").required("meanConfidence"),
                expected.required("mean_confidence"),
                CALIBRATION);
        number(what + " ECE", report.required("ece").required("value"), expected.required("ece_width_15"), CALIBRATION);
        number(
                what + " agreement-ECE",
                report.required("agreementEce").required("value"),
                expected.required("agreement_ece_width_15"),
                CALIBRATION);
    }

    private static void number(String what, JsonNode value, JsonNode expected, double tolerance) {
        assertThat(value.doubleValue()).as(what).isCloseTo(expected.doubleValue(), within(tolerance));
    }

    private static JsonNode slice(JsonNode report, String column, String name) {
        for (JsonNode table : report.required("slices")) {
            for (JsonNode slice : table.required("slices")) {
                if (table.required("column").textValue().equals(column)
                        && slice.required("slice").textValue().equals(name)) {
                    return slice;
                }
            }
        }
        throw new IllegalStateException("no slice " + column + " = " + name);
    }

    private List<String> models() {
        return predictions.getFirst().keySet().stream()
                .filter(name -> name.endsWith(":label"))
                .map(name -> name.substring(0, name.indexOf(':')))
                .toList();
    }

    private Path pairs(String model, List<Map<String, String>> rows) throws IOException {
        List<String> lines = rows.stream()
                .map(row -> String.join(
                        ",",
                        row.getOrDefault(model + ":label", ""),
                        row.getOrDefault(FRONTIER + ":label", ""),
                        row.getOrDefault("intent", ""),
                        row.getOrDefault(model + ":confidence", ""),
                        row.getOrDefault("domain", "all")))
                .toList();
        return Repository.csv(folder.resolve("pairs.csv"), "edge,frontier,intent,confidence,domain", lines);
    }

    private static JsonNode validate(Path pairs) throws IOException {
        return Run.of(
                        "validate",
                        "--pairs",
                        pairs.toString(),
                        "--map",
                        "edge=edge,frontier=frontier,truth=intent,confidence=confidence,slice=domain,slice=intent",
                        "--format",
                        "json")
                .json();
    }

    private static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(Repository.MODELS.resolve(name).toFile());
    }
}
