// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateTest {
    private static final String HEADER = "e,f,t,c,l,r,g";
    private static final String MAP = "edge=e,frontier=f,truth=t,confidence=c,edge-latency=l,edge-refusal=r,slice=g";

    @TempDir
    Path folder;

    /// Pairs that agree with this probability, in one group less.
    private Path pairs(int n, double agreement, double inGroupB) throws IOException {
        Random random = new Random(9);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            boolean b = i % 2 == 1;
            String frontier = "l" + random.nextInt(5);
            boolean same = random.nextDouble() < (b ? inGroupB : agreement);
            String edge = same ? frontier : "l" + (5 + random.nextInt(3));
            lines.add(String.join(
                    ",",
                    edge,
                    frontier,
                    random.nextBoolean() ? frontier : edge,
                    "0.9",
                    Integer.toString(10 + random.nextInt(90)),
                    random.nextInt(20) == 0 ? "true" : "false",
                    b ? "b" : "a"));
        }
        return Repository.csv(folder.resolve("pairs.csv"), HEADER, lines);
    }

    private static Run validate(Path pairs, String... more) {
        List<String> arguments = new ArrayList<>(List.of("validate", "--pairs", pairs.toString(), "--map", MAP));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    @Test
    void theBoundOfTheIntervalDecides() throws IOException {
        assertThat(validate(pairs(2000, 0.95, 0.95)).out()).contains("SAFE against the floor of 85 %");
        assertThat(validate(pairs(2000, 0.70, 0.70)).out()).contains("BREACH against the floor of 85 %");
        String undecided = validate(pairs(100, 0.86, 0.86)).out();
        assertThat(undecided).contains("UNDECIDED against the floor of 85 %").containsPattern("about [\\d,]+ more");
    }

    @Test
    void theExitCodeSaysTheVerdict() throws IOException {
        Path good = pairs(2000, 0.95, 0.95);
        assertThat(validate(good, "--fail-on", "unsafe").code()).isZero();
        Path unclear = pairs(100, 0.86, 0.86);
        assertThat(validate(unclear, "--fail-on", "breach").code()).isZero();
        assertThat(validate(unclear, "--fail-on", "unsafe").code()).isEqualTo(1);
        Path bad = pairs(2000, 0.7, 0.7);
        assertThat(validate(bad, "--fail-on", "breach").code()).isEqualTo(1);
        assertThat(validate(bad, "--floor", "0.5", "--fail-on", "unsafe").code())
                .isZero();
        assertThat(validate(bad, "--floor", "85").code()).isEqualTo(2);
    }

    @Test
    void theWorstSliceComesFirstAndIsNamed() throws IOException {
        JsonNode report = validate(pairs(2000, 0.95, 0.75), "--format", "json").json();

        JsonNode slices = report.required("slices").required(0).required("slices");
        assertThat(slices.required(0).required("slice").textValue()).isEqualTo("b");
        assertThat(slices.required(0).required("belowFloor").booleanValue()).isTrue();
        assertThat(slices.required(1).required("belowFloor").booleanValue()).isFalse();
    }

    @Test
    void sensitiveGroupsThatFareDifferentlyAreShownWithAnInterval() throws IOException {
        JsonNode bias = validate(pairs(2000, 0.95, 0.75), "--sensitive", "g", "--format", "json")
                .json()
                .required("bias");

        assertThat(bias).hasSize(3);
        JsonNode agreement = bias.required(0);
        assertThat(agreement.required("measure").textValue()).isEqualTo("agreement");
        assertThat(agreement.required("highest").textValue()).isEqualTo("a");
        assertThat(agreement.required("shown").booleanValue()).isTrue();
        assertThat(agreement.required("interval").required(0).doubleValue()).isLessThan(0.2);
        assertThat(agreement.required("interval").required(1).doubleValue()).isGreaterThan(0.2);
        JsonNode refusal = bias.required(2);
        assertThat(refusal.required("measure").textValue()).isEqualTo("refusal");
        assertThat(refusal.required("shown").booleanValue()).isFalse();
    }

    @Test
    void missingAnswersAreNeverAgreement() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            lines.add((i < 100 ? "" : "x") + ",x,x,0.9,1,0,a");
        }
        Path file = Repository.csv(folder.resolve("m.csv"), HEADER, lines);
        JsonNode report = validate(file, "--format", "json").json();

        assertThat(report.required("agreement").required("share").doubleValue()).isEqualTo(1);
        assertThat(report.required("missingEdge").intValue()).isEqualTo(100);
        assertThat(report.required("verdict").textValue()).isEqualTo("UNDECIDED");
        assertThat(report.required("why").textValue()).contains("98 %");
    }

    @Test
    void pairsWithoutOneSideAreNoEvidence() throws IOException {
        Path file = Repository.csv(folder.resolve("n.csv"), HEADER, List.of("x,,,,,,a"));

        assertThat(validate(file).out()).contains("NO-EVIDENCE").contains("no pair has both sides");
    }

    @Test
    void thePageStandsAlone() throws IOException {
        Path page = folder.resolve("report.html");
        assertThat(validate(pairs(500, 0.9, 0.8), "--sensitive", "g", "--out", page.toString())
                        .code())
                .isZero();

        assertThat(Files.readString(page))
                .startsWith("<!doctype html>")
                .contains("<svg", "aria-label=\"Confidence against truth", "prefers-color-scheme: dark", "<caption>")
                .contains("Sensitive slices")
                .doesNotContain("http://", "https://", "<script", "src=");
    }

    @Test
    void namesInFilesAreNeitherMarkupNorOrdersToTheTerminal() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add("<img src=x>,\u001b[2Jx,<b>a");
        }
        Path file = Repository.csv(folder.resolve("evil.csv"), "<i>e,f,\u001b]0;g", rows);
        String map = "edge=<i>e,frontier=f,slice=\u001b]0;g";
        Path page = folder.resolve("evil.html");

        Run text = Run.of("validate", "--pairs", file.toString(), "--map", map);
        Run html = Run.of("validate", "--pairs", file.toString(), "--map", map, "--out", page.toString());
        Run drift = Run.of("drift", "--baseline", file.toString(), "--current", file.toString());
        Run refused = Run.of("drift", "--baseline", file.toString(), "--current", file.toString(), "--by", "\u001b[2J");

        assertThat(text.code() + html.code() + drift.code()).isZero();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(text.out() + text.err() + drift.out() + refused.err())
                .contains("<img src=x>")
                .doesNotContain("\u001b");
        assertThat(Files.readString(page))
                .contains("&lt;img src=x&gt;", "&lt;b&gt;a")
                .doesNotContain("<img", "<b>");
    }

    @Test
    void aMapThatNamesWrongColumnsIsSuspected() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add("play,Play");
        }
        Path file = Repository.csv(folder.resolve("apart.csv"), "e,f", rows);

        Run run = Run.of("validate", "--pairs", file.toString(), "--map", "edge=e,frontier=f");

        assertThat(run.out()).contains("Not one of 50 pairs agrees", "does --map name the columns of the labels");
        assertThat(Run.of("validate", "--pairs", file.toString(), "--map", "edge=e,frontier=e")
                        .out())
                .doesNotContain("Not one of");
    }

    @Test
    void rolesThatNobodyKnowsAreRefused() throws IOException {
        Path file = pairs(10, 1, 1);
        assertThat(Run.of("validate", "--pairs", file.toString(), "--map", "edge=e,judge=f")
                        .err())
                .contains("--map \"judge=f\"", "the role being one of edge, frontier");
        assertThat(Run.of("validate", "--pairs", file.toString(), "--map", "edge=e")
                        .err())
                .contains("names no column for frontier");
        assertThat(Run.of("validate", "--pairs", file.toString(), "--map", "edge=e,edge=f,frontier=f")
                        .err())
                .contains("two columns for edge");
    }

    @Test
    void escalationsOfGroupsAreComparedToo() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            boolean first = i % 2 == 0;
            rows.add("x,x," + (first ? "a" : "b") + "," + (i / 2 % 10 < (first ? 1 : 4) ? "yes" : "no"));
        }
        Path pairs = Repository.csv(folder.resolve("escalated.csv"), "e,f,g,sent", rows);

        JsonNode report = Run.of(
                        "validate",
                        "--pairs",
                        pairs.toString(),
                        "--map",
                        "edge=e,frontier=f,escalated=sent",
                        "--sensitive",
                        "g",
                        "--format",
                        "json")
                .json();

        assertThat(report.at("/escalation/share").doubleValue()).isEqualTo(0.25);
        JsonNode gap = report.at("/bias/1");
        assertThat(gap.required("measure").textValue()).isEqualTo("escalation");
        assertThat(gap.required("highest").textValue()).isEqualTo("b");
        assertThat(gap.required("gap").doubleValue()).isCloseTo(0.3, within(1e-12));
        assertThat(gap.required("interval").required(0).doubleValue()).isBetween(0.25, 0.3);
    }

    @Test
    void accuracyAndRefusalsOfGroupsAreComparedToo() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            boolean first = i % 2 == 0;
            boolean refused = i / 2 % 10 < (first ? 1 : 3);
            boolean right = i / 2 % 20 < (first ? 18 : 14);
            rows.add((right ? "x" : "y") + ",y,x," + (first ? "a" : "b") + "," + (refused ? "yes" : "no"));
        }
        Path pairs = Repository.csv(folder.resolve("groups.csv"), "e,f,t,g,declined", rows);

        JsonNode bias = Run.of(
                        "validate",
                        "--pairs",
                        pairs.toString(),
                        "--map",
                        "edge=e,frontier=f,truth=t,edge-refusal=declined",
                        "--sensitive",
                        "g",
                        "--format",
                        "json")
                .json()
                .required("bias");

        assertGap(bias, "accuracy", "a", 0.2);
        assertGap(bias, "refusal", "b", 0.2);
    }

    private static void assertGap(JsonNode bias, String measure, String highest, double expected) {
        for (JsonNode gap : bias) {
            if (gap.required("measure").textValue().equals(measure)) {
                assertThat(gap.required("highest").textValue()).isEqualTo(highest);
                assertThat(gap.required("gap").doubleValue()).isCloseTo(expected, within(1e-12));
                assertThat(gap.required("shown").booleanValue()).isTrue();
                assertThat(gap.required("interval").required(0).doubleValue()).isBetween(expected - 0.05, expected);
                return;
            }
        }
        throw new AssertionError("no gap of " + measure + " in " + bias);
    }
}
