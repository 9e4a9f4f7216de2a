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
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftTest {
    private static final String HEADER = "latency,confidence,visits,country,plan";
    private static final int ROWS = 20_000;

    @TempDir
    Path folder;

    private Path before = Path.of("");
    private Path now = Path.of("");

    @BeforeEach
    void files() throws IOException {
        before = traffic("before.csv", 1, 1.0, "de");
        now = traffic("now.csv", 2, 1.5, "es");
    }

    private Path traffic(String name, long seed, double slower, String more) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            String country =
                    random.nextInt(5) == 0 ? more : List.of("de", "fr", "it").get(random.nextInt(3));
            lines.add(String.format(
                    Locale.ROOT,
                    "%.3f,%.5f,%d,%s,%d",
                    slower * Math.exp(4 + 0.8 * random.nextGaussian()),
                    1 - random.nextDouble() * random.nextDouble(),
                    (int) (30 + 5 * random.nextGaussian()),
                    country,
                    random.nextInt(3)));
        }
        return Repository.csv(folder.resolve(name), HEADER, lines);
    }

    private Run drift(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("drift", "--baseline", before.toString(), "--current", now.toString()));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    private static JsonNode column(JsonNode report, String name) {
        for (JsonNode column : report.required("columns")) {
            if (column.required("column").textValue().equals(name)) {
                return column;
            }
        }
        throw new IllegalStateException(report.toString());
    }

    @Test
    void findsWhatMovedAndWhatDidNot() throws IOException {
        JsonNode report = drift("--format", "json").json();

        assertThat(column(report, "latency").required("verdict").textValue()).isEqualTo("DRIFT");
        assertThat(column(report, "country").required("severity").textValue()).isEqualTo("act");
        assertThat(column(report, "country").required("unseen").required("now").doubleValue())
                .isBetween(0.17, 0.23);
        assertThat(column(report, "country")
                        .required("moved")
                        .required(0)
                        .required("bin")
                        .textValue())
                .isEqualTo("(all others)");
        for (String still : List.of("confidence", "visits", "plan")) {
            assertThat(column(report, still).required("verdict").textValue())
                    .as(still)
                    .isEqualTo("STABLE");
        }
        assertThat(column(report, "plan").required("kind").textValue()).isEqualTo("categorical");
        assertThat(report.required("columns").required(0).required("severity").textValue())
                .isEqualTo("act");
    }

    @Test
    void countsOnTheGridWhatItDoesNotKeepAndFindsTheSame() throws IOException {
        JsonNode kept = drift("--format", "json").json();
        JsonNode counted = drift("--format", "json", "--exact", "100").json();

        for (String name : List.of("latency", "confidence", "visits")) {
            JsonNode exact = column(kept, name);
            JsonNode grid = column(counted, name);
            assertThat(exact.required("counted").textValue()).isEqualTo("every value kept");
            assertThat(grid.required("counted").textValue()).contains("cells");
            double d = exact.required("distribution").required("d").doubleValue();
            JsonNode test = grid.required("distribution");
            assertThat(test.required("d").doubleValue()).isLessThanOrEqualTo(d + 1e-12);
            assertThat(test.required("dAtMost").doubleValue()).isGreaterThanOrEqualTo(d - 1e-12);
            assertThat(grid.required("psi").required("value").doubleValue())
                    .isCloseTo(exact.required("psi").required("value").doubleValue(), within(0.01));
            assertThat(grid.required("verdict")).isEqualTo(exact.required("verdict"));
        }
        assertThat(column(counted, "visits").required("distribution").required("d"))
                .as("whole numbers are exact on the grid")
                .isEqualTo(column(kept, "visits").required("distribution").required("d"));
    }

    @Test
    void identifiersAndTimeStampsHaveNothingToCompareButWhatIsMissing() throws IOException {
        List<String> first =
                IntStream.range(0, 300).mapToObj(i -> "a" + i + ",a" + i).toList();
        List<String> second = IntStream.range(0, 300)
                .mapToObj(i -> "b" + i + "," + (i % 2 == 0 ? "" : "b" + i))
                .toList();
        Path old = Repository.csv(folder.resolve("old.csv"), "id,trace", first);
        Path recent = Repository.csv(folder.resolve("recent.csv"), "id,trace", second);

        Run run = Run.of("drift", "--baseline", old.toString(), "--current", recent.toString());
        JsonNode report = Run.of(
                        "drift", "--baseline", old.toString(), "--current", recent.toString(), "--format", "json")
                .json();

        assertThat(column(report, "id").required("verdict").textValue()).isEqualTo("UNDECIDED");
        assertThat(column(report, "trace").required("verdict").textValue()).isEqualTo("DRIFT");
        assertThat(run.out())
                .contains("1 of 2 columns has drifted: trace (warn)")
                .contains("id: 300 different in 300 values of the baseline", "--exclude");
    }

    @Test
    void comparesWithinGroups() throws IOException {
        JsonNode report = drift("--format", "json", "--by", "country", "--columns", "latency,visits")
                .json();

        assertThat(report.required("groups")).hasSize(4);
        for (JsonNode group : report.required("groups")) {
            String name = group.required("group").textValue();
            String verdict = column(group, "latency").required("verdict").textValue();
            assertThat(verdict).as(name).isEqualTo(name.equals("es") ? "UNDECIDED" : "DRIFT");
        }
        assertThat(drift("--by", "country").out()).contains("by country", "country = de");
    }

    @Test
    void theExitCodeSaysWhatWasFound() {
        assertThat(drift().code()).isZero();
        assertThat(drift("--fail-on", "act").code()).isEqualTo(1);
        assertThat(drift("--fail-on", "warn", "--columns", "visits").code()).isZero();
        assertThat(drift("--fail-on", "warn", "--columns", "latency").code()).isEqualTo(1);
        assertThat(drift("--fail-on", "nonsense").code()).isEqualTo(2);
        assertThat(Run.of("drift").code()).isEqualTo(2);
        assertThat(Run.of().code()).isEqualTo(2);
        assertThat(Run.of("drift", "--help").code()).isZero();
    }

    @Test
    void kindsCanBeSaid() throws IOException {
        JsonNode report = drift("--format", "json", "--numeric", "plan", "--categorical", "visits")
                .json();

        assertThat(column(report, "plan").required("kind").textValue()).isEqualTo("numeric");
        assertThat(column(report, "visits").required("kind").textValue()).isEqualTo("categorical");
    }

    @Test
    void missingValuesAreTestedApart() throws IOException {
        Path some = folder.resolve("some.csv");
        String text = Files.readString(now);
        Files.writeString(some, text.replaceAll("(?m)^\\d*[05]\\.\\d+,", ",").replace("latency,", "latency,"));
        JsonNode report = Run.of(
                        "drift", "--baseline", now.toString(), "--current", some.toString(), "--format", "json")
                .json();

        JsonNode latency = column(report, "latency");
        assertThat(latency.required("missing").required("now").doubleValue()).isGreaterThan(0.1);
        assertThat(latency.required("missing").required("adjustedP").doubleValue())
                .isLessThan(1e-6);
        assertThat(latency.required("verdict").textValue()).isEqualTo("DRIFT");
    }

    @Test
    void aFirstRowOfNumbersIsARowOrNamesAsTheUserSays() throws IOException {
        List<String> rows =
                IntStream.range(0, 400).mapToObj(i -> i + "," + i % 7).toList();
        Path with = Repository.csv(folder.resolve("with.csv"), "2024,2025", rows);
        Path without = Files.writeString(folder.resolve("without.csv"), String.join("\n", rows) + "\n");

        JsonNode named = itself(with, "yes").json();
        JsonNode numbered = itself(without, "no").json();

        assertThat(named.findValuesAsText("column")).containsExactlyInAnyOrder("2024", "2025");
        assertThat(numbered.findValuesAsText("column")).containsExactlyInAnyOrder("column 1", "column 2");
        assertThat(named.at("/baseline/rows").asLong()).isEqualTo(400);
        assertThat(numbered.at("/baseline/rows").asLong()).isEqualTo(400);
        assertThat(column(numbered, "column 1").at("/baseline/least").asDouble())
                .as("the first row counts")
                .isZero();
        assertThat(itself(with, "maybe").err()).contains("[YES, NO]");
    }

    private static Run itself(Path file, String header) {
        return Run.of(
                "drift",
                "--baseline",
                file.toString(),
                "--current",
                file.toString(),
                "--format",
                "json",
                "--header",
                header);
    }

    @Test
    void readsJsonLinesAndCsvAlike() throws IOException {
        Path lines = folder.resolve("now.jsonl");
        List<String> objects = new ArrayList<>();
        for (String line : Files.readAllLines(now).subList(1, ROWS + 1)) {
            String[] cells = line.split(",");
            objects.add("{\"latency\": " + cells[0] + ", \"confidence\": " + cells[1] + ", \"visits\": " + cells[2]
                    + ", \"country\": \"" + cells[3] + "\", \"plan\": " + cells[4] + "}");
        }
        Files.write(lines, objects);
        JsonNode fromCsv = drift("--format", "json").json();
        JsonNode fromJson = Run.of(
                        "drift", "--baseline", before.toString(), "--current", lines.toString(), "--format", "json")
                .json();

        assertThat(fromJson.required("columns")).isEqualTo(fromCsv.required("columns"));
    }

    @Test
    void theReportGoesWhereItIsAskedTo() throws IOException {
        Path page = folder.resolve("drift.html");

        Run run = drift("--out", page.toString());

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEmpty();
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(page))
                    .as("others may read a report as they may any file of this user")
                    .isEqualTo(Files.getPosixFilePermissions(Files.createFile(folder.resolve("any"))));
        }
        assertThat(Files.readString(page))
                .startsWith("<!doctype html>")
                .contains("<caption>", "scope=\"col\"", "prefers-color-scheme: dark", "latency")
                .doesNotContain("http://", "https://", "<script", "src=");
    }
}
