// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetTest {
    private static final Path CONTROL = Repository.DATA.resolve("clinc150/scenarios/control.tsv.gz");

    @TempDir
    Path folder;

    private static Run set(Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of("validate", "--set", file.toString(), "--no-quotes"));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    private static String model(String build) {
        return Repository.MODELS.resolve(build + ".onnx").toString();
    }

    @Test
    void runningTheModelsGivesTheTableOfTheModels() throws IOException {
        JsonNode report = set(
                        CONTROL,
                        "--edge",
                        model("edge-intent-int4"),
                        "--frontier",
                        model("frontier-intent"),
                        "--reference-build",
                        model("edge-intent-fp32"),
                        "--map",
                        "truth=intent,slice=domain",
                        "--format",
                        "json")
                .json();

        assertThat(report.required("agreement").required("events").intValue()).isEqualTo(1868);
        assertThat(report.required("winShare").required("edgeWins").intValue()).isEqualTo(23);
        assertThat(report.required("winShare").required("frontierWins").intValue())
                .isEqualTo(75);
        assertThat(report.required("ece").required("value").doubleValue()).isCloseTo(0.012867, within(2e-6));
        assertThat(report.required("edgeLatency").required("unit").textValue()).isEqualTo("µs");
        assertThat(report.required("slices").required(0).required("slices")).hasSize(11);
        JsonNode attribution = report.required("attribution");
        assertThat(attribution.required("accuracyLost").doubleValue()).isCloseTo(0.0025, within(1e-9));
        assertThat(attribution.required("band").required(1).doubleValue()).isEqualTo(0.03);
        assertThat(attribution.required("place").textValue()).isEqualTo("below");
    }

    @Test
    void textsInAnotherEncodingAreRefusedAndNotReadAsOtherWords() throws IOException {
        Path file = Files.write(
                folder.resolve("latin.csv"), "text,truth\nm\u00fcde,sleep\n".getBytes(StandardCharsets.ISO_8859_1));
        Run run = set(file, "--edge", model("edge-intent-int4"), "--frontier", model("frontier-intent"));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("row 1 (line 2), column \"text\"", "is not UTF-8", "iconv -f LATIN1");
    }

    @Test
    void aSetThatTheFrontierHasJudgedNeedsNoFrontierModel() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map<String, String> row : Repository.scenario("control").subList(0, 100)) {
            lines.add(row.getOrDefault("text", "").replace(',', ' ') + "," + row.getOrDefault("intent", ""));
        }
        Path file = Repository.csv(folder.resolve("judged.csv"), "question,answer", lines);

        JsonNode report = set(
                        file,
                        "--edge",
                        model("edge-intent-int8"),
                        "--map",
                        "text=question,frontier=answer",
                        "--format",
                        "json")
                .json();

        assertThat(report.required("rows").intValue()).isEqualTo(100);
        assertThat(report.required("agreement").required("share").doubleValue()).isGreaterThan(0.8);
        assertThat(report.required("frontierLatency").isNull()).isTrue();
    }

    @Test
    void aBadBuildCostsMoreThanItsWidthExplains() {
        String text = set(
                        CONTROL,
                        "--edge",
                        model("edge-intent-bad-int4"),
                        "--frontier",
                        model("frontier-intent"),
                        "--reference-build",
                        model("edge-intent-fp32"),
                        "--map",
                        "truth=intent")
                .out();

        assertThat(text).contains("BREACH against the floor", "accuracy lost 16.95 points", "above the band");
    }

    @Test
    void whatIsMissingIsSaid() throws IOException {
        assertThat(set(CONTROL, "--frontier", model("frontier-intent")).err()).contains("--set needs --edge MODEL");
        assertThat(set(CONTROL, "--edge", model("edge-intent-int4")).err()).contains("give --frontier MODEL, or --map");
        assertThat(set(CONTROL, "--edge", model("nothing"), "--frontier", model("frontier-intent"))
                        .err())
                .contains("there is no model");
        Path alone = Files.copy(Path.of(model("edge-intent-int4")), folder.resolve("alone.onnx"));
        assertThat(set(CONTROL, "--edge", alone.toString(), "--frontier", model("frontier-intent"))
                        .err())
                .contains("models.json", "needs its manifest beside it");
        assertThat(set(CONTROL, "--pairs", CONTROL.toString()).err()).contains("give either --pairs FILE");
        assertThat(Run.of("validate").err()).contains("give either --pairs FILE");
    }
}
