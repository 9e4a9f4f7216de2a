// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files are of pyarrow (`write.py` beside them): a table is the same as Parquet and as CSV.
class ParquetTest {
    private static final Path FILES = Path.of("src/test/resources/parquet");
    private static final String MAP =
            "edge=edge,frontier=frontier,truth=truth,confidence=confidence,slice=locale,edge-refusal=refused";

    @TempDir
    private Path folder;

    private static JsonNode validate(String file) throws IOException {
        ObjectNode report = (ObjectNode)
                Run.of("validate", "--pairs", FILES.resolve(file).toString(), "--map", MAP, "--format", "json")
                        .json();
        report.remove("source");
        return report;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "zstd", "gzip", "lz4", "pages"})
    void pairsAreTheSameInEveryCodec(String codec) throws IOException {
        assertThat(validate(codec + ".parquet")).isEqualTo(validate("rows.csv"));
    }

    @Test
    void columnsOfEveryKindHaveMovedNowhere() throws IOException {
        JsonNode report = Run.of(
                        "drift",
                        "--baseline",
                        FILES.resolve("rows.csv").toString(),
                        "--current",
                        FILES.resolve("snappy.parquet").toString(),
                        "--format",
                        "json")
                .json();

        assertThat(report.required("columns")).hasSize(10);
        for (JsonNode column : report.required("columns")) {
            assertThat(column.at("/psi/value").doubleValue())
                    .as(column.required("column").textValue())
                    .isZero();
        }
        assertThat(report.toString())
                .contains("\"tokens\"", "\"cost\"", "\"refused\"")
                .doesNotContain("\"tags\"");
    }

    @Test
    void aFileThatIsCutOffOrHasNoColumnsSaysSo() throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve("snappy.parquet"));
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length / 2));
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, 200, 6_000, (byte) 0x55);
        Path bad = Files.write(folder.resolve("bad.parquet"), damaged);

        assertThat(run(cut).err()).contains("cut.parquet begins as Parquet but cannot be read", "cut off");
        assertThat(run(bad).code()).isEqualTo(2);
        assertThat(run(bad).err()).contains("bad.parquet, row 0 is the last that can be read");
        assertThat(run(FILES.resolve("nested.parquet")).err()).contains("has no column of numbers, texts or booleans");
        assertThat(Run.of(
                                "validate",
                                "--pairs",
                                FILES.resolve("none.parquet").toString(),
                                "--map",
                                "edge=tags,frontier=x")
                        .err())
                .contains("has no column \"tags\"", "left out");
    }

    @Test
    void aValueThatCannotBeUsedIsNamedByRowAndColumn() {
        Run run = Run.of(
                "validate",
                "--pairs",
                FILES.resolve("none.parquet").toString(),
                "--map",
                "edge=edge,frontier=frontier,confidence=tokens");

        assertThat(run.err()).containsPattern("none\\.parquet, row \\d+, column \"tokens\": .* is not between 0 and 1");
    }

    private static Run run(Path file) {
        return Run.of("validate", "--pairs", file.toString(), "--map", MAP);
    }
}
