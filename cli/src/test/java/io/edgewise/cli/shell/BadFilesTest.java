// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bad file gets an error that names row and column and says what to do, and leaves nothing behind.
class BadFilesTest {
    private static final String GOOD = "age,city\n" + lines(20, i -> (20 + i) + ",berlin");

    @TempDir
    Path folder;

    private Path good = Path.of("");

    @BeforeEach
    void goodFile() throws IOException {
        good = write("good.csv", GOOD);
    }

    @Test
    void withoutAColumnThatIsAskedFor() throws IOException {
        refused(
                validate(good, "edge=age,frontier=nope"),
                "no column \"nope\"",
                "it has age, city",
                "Check the spelling");
        Path other = write("other.csv", "age,town\n1,x\n");
        refused(drift(good, other), "other.csv has no column \"city\"", "it has age, town");
    }

    @Test
    void withTheWrongDelimiter() throws IOException {
        refused(
                Run.of("drift", "--baseline", good.toString(), "--current", good.toString(), "--delimiter", ";"),
                "one single column",
                "--delimiter ','");
    }

    @Test
    void withARowOfTooManyOrTooFewFields() throws IOException {
        Path file = write("f.csv", "age,city\n1,a\n2,b,c\n");
        refused(drift(good, file), "row 2 (line 3) has 3 fields where the header has 2", "the surplus begins at \"c\"");
        Path shortRow = write("s.csv", "age,city\n1,a\n2,\"b\n\"\n3\n");
        refused(drift(good, shortRow), "row 3 (line 5) has 1 field where the header has 2", "--delimiter");
    }

    @Test
    void withBytesThatAreNoUtf8() throws IOException {
        byte[] latin = "age,city\n1,berlin\n2,münchen\n".getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("latin.csv"), latin);
        refused(drift(good, file), "row 2 (line 3), column \"city\"", "is not UTF-8", "iconv -f LATIN1");
        byte[] wide = "age,city\n1,berlin\n".getBytes(StandardCharsets.UTF_16);
        refused(drift(good, Files.write(folder.resolve("wide.csv"), wide)), "is UTF-16", "iconv -f UTF-16");
    }

    @Test
    void withTextAmongNumbers() throws IOException {
        Path file = write("t.csv", "age,city\n1,berlin\nunknown,berlin\n");
        refused(drift(good, file), "row 2 (line 3), column \"age\": \"unknown\" is not a number", "--missing unknown");
        Run told = Run.of("drift", "--baseline", good.toString(), "--current", file.toString(), "--missing", "unknown");
        assertThat(told.code()).as(told.err()).isZero();
    }

    @Test
    void withDecimalCommas() throws IOException {
        refused(
                validate(write("d.csv", "e;f;c\na;a;0,5\n"), "edge=e,frontier=f,confidence=c"),
                "row 1 (line 2), column \"c\": \"0,5\" is not a number: write a decimal point");
    }

    @Test
    void withConfidencesThatAreNone() throws IOException {
        String map = "edge=e,frontier=f,confidence=c";
        refused(
                validate(write("c.csv", "e,f,c\na,a,0.5\na,b,inf\n"), map),
                "row 2 (line 3), column \"c\": \"inf\" is not between 0 and 1",
                "probability");
        refused(
                validate(write("p.csv", "e,f,c\na,a,97\n"), map),
                "\"97\" is not between 0 and 1",
                "divide percentages");
        refused(validate(write("w.csv", "e,f,c\na,a,high\n"), map), "\"high\" is not a number", "--missing");
        Run nan = validate(write("n.csv", "e,f,c\na,a,0.5\na,b,NaN\n"), map);
        assertThat(nan.code()).as(nan.err()).isZero();
    }

    @Test
    void withLatenciesOrRefusalsThatAreNone() throws IOException {
        refused(validate(write("l.csv", "e,f,l\na,a,-3\n"), "edge=e,frontier=f,edge-latency=l"), "row 1", "no latency");
        refused(
                validate(write("r.csv", "e,f,r\na,a,maybe\n"), "edge=e,frontier=f,edge-refusal=r"),
                "row 1 (line 2), column \"r\"",
                "neither yes nor no",
                "true or false");
    }

    @Test
    void withAMillionLabels() throws IOException {
        Path file = write("m.csv", "e,f\n" + lines(1_000_000, i -> "label" + i + ",x"));
        refused(
                validate(file, "edge=e,frontier=f"),
                "row 10,000 (line 10,001), column \"e\"",
                "10,001th different value",
                "free texts");
        refused(drift(file, file), "row 100,001 (line 100,002), column \"e\"", "--exclude");
    }

    @Test
    void withManyValuesToGroupBy() throws IOException {
        Path file = write("g.csv", "v,g\n" + lines(300, i -> i + ",g" + i));
        refused(
                Run.of("drift", "--baseline", file.toString(), "--current", file.toString(), "--by", "g"),
                "column \"g\"",
                "201th different value",
                "choose a --by of fewer values");
    }

    @Test
    void thatIsCutOffWhileCompressed() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(("age,city\n" + lines(200_000, i -> (i * 7919 % 1000) + ",c" + i % 7))
                    .getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = out.toByteArray();
        Path file = Files.write(folder.resolve("cut.csv.gz"), Arrays.copyOf(whole, whole.length / 2));
        refused(drift(good, file), "cut.csv.gz, row ", "end too early", "fetch or compress it again");
        Path small = Files.write(folder.resolve("small.csv.gz"), Arrays.copyOf(whole, 3000));
        refused(drift(small, good), "small.csv.gz, row ", "end too early");
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, whole.length / 2, whole.length / 2 + 40, (byte) 0x55);
        refused(drift(good, Files.write(folder.resolve("bad.csv.gz"), damaged)), "bad.csv.gz, row ");
    }

    @Test
    void thatIsEmptyOrOnlyAHeader() throws IOException {
        refused(drift(good, write("empty.csv", "")), "empty.csv is empty", "must name the columns");
        refused(validate(write("head.csv", "e,f\n"), "edge=e,frontier=f"), "has a header and no rows");
    }

    @Test
    void whoseFirstCompressedBytesAreDamaged() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(GOOD.getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = out.toByteArray();
        Path cut = Files.write(folder.resolve("early.csv.gz"), Arrays.copyOf(whole, 14));
        refused(drift(cut, good), "early.csv.gz cannot be read from its first bytes on", "compress the file again");
        Arrays.fill(whole, 10, whole.length, (byte) 0x55);
        refused(drift(good, Files.write(folder.resolve("hurt.csv.gz"), whole)), "hurt.csv.gz", "damaged");
    }

    @Test
    void whoseLinesEndWithCarriageReturns() throws IOException {
        refused(drift(good, write("mac.csv", GOOD.replace('\n', '\r'))), "carriage return", "tr '\\r' '\\n'");
    }

    @Test
    void withTwoColumnsOfOneName() throws IOException {
        refused(
                drift(write("d.csv", "a,b,a\n1,2,3\n"), good),
                "line 1: two columns are called \"a\" (1 and 3)",
                "its own name");
    }

    @Test
    void withAQuoteThatNeverCloses() throws IOException {
        refused(
                drift(good, write("q.csv", "age,city\n1,a\n2,\"b\n3,c\n")),
                "row 2 (line 3), column \"city\": the quote that opens here is never closed",
                "--no-quotes");
        refused(drift(good, write("z.csv", "age,city\n1,\"a\" b\n")), "row 1 (line 2), field 2", "closing quote");
    }

    @Test
    void withoutAHeader() throws IOException {
        refused(
                drift(write("n.csv", "1,2\n3,4\n"), good),
                "line 1 holds only numbers",
                "columns' names above it",
                "--header no");
    }

    @Test
    void thatIsNoTable() throws IOException {
        refused(drift(write("a.json", "[{\"a\": 1}]"), good), "begins with [", "one object per line");
        refused(drift(write("a.parquet", "PAR1xxxx"), good), "cannot be read as such", "cut off");
        refused(
                Run.of("drift", "--baseline", write("p.csv.parquet", "PAR1").toString(), "--current", good.toString()),
                "begins as Parquet");
        refused(drift(write("z.csv", "a,b\n1,\u0000\n"), good), "zero byte");
        refused(
                drift(write("j.jsonl", "{\"age\": 1, \"city\": \"x\"}\n{\"age\": 2, \"city\" \"y\"}\n"), good),
                "row 2 (line 2) is not a JSON object",
                "expected a colon");
        refused(
                drift(write("k.jsonl", "{\"age\": 1, \"city\": \"x\", \"age\": 3}\n"), good),
                "row 1 (line 1), column \"age\"",
                "twice");
        refused(drift(folder, good), "is a folder");
    }

    @Test
    void leavesAnEarlierReportAsItWas() throws IOException {
        Path out = write("report.html", "the earlier one");
        Path bad = write("b.csv", "age,city\n1,a\n2\n");
        refused(
                Run.of("drift", "--baseline", good.toString(), "--current", bad.toString(), "--out", out.toString()),
                "row 2");
        assertThat(Files.readString(out)).isEqualTo("the earlier one");
        refused(
                Run.of("drift", "--baseline", good.toString(), "--current", good.toString(), "--out", good.toString()),
                "it would be overwritten");
        refused(
                Run.of(
                        "drift",
                        "--baseline",
                        good.toString(),
                        "--current",
                        good.toString(),
                        "--out",
                        folder + "/no/r.txt"),
                "there is no folder",
                "create it first");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("good.csv", "b.csv", "report.html");
        }
    }

    private static void refused(Run run, String... parts) {
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("edgewise ").contains(List.of(parts));
        assertThat(run.err().lines()).as("one line, no stack trace").hasSize(1);
    }

    private Run drift(Path baseline, Path current) {
        return Run.of("drift", "--baseline", baseline.toString(), "--current", current.toString());
    }

    private Run validate(Path pairs, String map) {
        return Run.of("validate", "--pairs", pairs.toString(), "--map", map);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static String lines(int n, java.util.function.IntFunction<String> line) {
        return IntStream.range(0, n).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
    }
}
