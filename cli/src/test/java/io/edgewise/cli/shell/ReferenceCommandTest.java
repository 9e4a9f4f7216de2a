// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Against a server that speaks the wire; that the real one signs what devices believe is the server's own test.
class ReferenceCommandTest {
    @RegisterExtension
    private final StandInServer server = new StandInServer()
            .on(
                    "/api/v1/references",
                    200,
                    "{\"reference\":\"golden@0123456789ab\",\"workload\":\"voice\",\"version\":3,\"examples\":2,"
                            + "\"sha256\":\"00\",\"signed\":\"AAEC\"}");

    @TempDir
    private Path folder;

    private Run reference(String set, String... more) throws IOException {
        return reference(set.getBytes(StandardCharsets.UTF_8), more);
    }

    private Run reference(byte[] set, String... more) throws IOException {
        Path file = Files.write(folder.resolve("set.csv"), set);
        List<String> arguments = new ArrayList<>(List.of(
                "reference",
                "--workload",
                "voice",
                "--name",
                "golden",
                "--set",
                file.toString(),
                "--out",
                folder.resolve("golden.reference").toString()));
        arguments.addAll(Arrays.asList(more));
        return server.run(arguments.toArray(String[]::new));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    @Test
    void aLabelledSetIsSentAndTheSignedOneLiesInAFile() throws IOException {
        Run run = reference(
                "id,question,intent\na1,\"wake me, at six\",alarm\na2,play jazz,play_music\n",
                "--map",
                "item=id,text=question,truth=intent",
                "--set-version",
                "3");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("2 examples are few");
        assertThat(run.out()).contains("golden@0123456789ab, version 3: 2 examples, signed, in ", "edge.reference");
        assertThat(Files.readAllBytes(folder.resolve("golden.reference"))).containsExactly(0, 1, 2);
        assertThat(server.lines())
                .containsExactly("POST /api/v1/references {\"workload\":\"voice\",\"name\":\"golden\",\"version\":3,"
                        + "\"examples\":[{\"text\":\"wake me, at six\",\"truth\":\"alarm\",\"item\":\"a1\"},"
                        + "{\"text\":\"play jazz\",\"truth\":\"play_music\",\"item\":\"a2\"}]}");
    }

    @Test
    void whatAMessageAdvisesCanBeSaid() throws IOException {
        String set = "text;truth\n\"w\" words in quotes;alarm\n";

        assertThat(reference(set).err()).contains("say --no-quotes");
        assertThat(reference(set, "--no-quotes", "--delimiter", ";").code()).isZero();
        assertThat(server.lines()).singleElement().asString().contains("\\\"w\\\" words in quotes");
    }

    @Test
    void aSetThatTheServerRefusesLeavesNoFileAndItsWordIsShown() throws IOException {
        server.on(
                "/api/v1/references",
                400,
                "{\"title\":\"the reference set is not valid\",\"detail\":\"examples[0].truth: \\\"x\\\" is no label\"}");

        Run run = reference("text,truth\nwake me,x\n");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("the server says 400, the reference set is not valid: examples[0].truth");
        assertThat(files()).containsExactly("set.csv");
    }

    @Test
    void rowsThatAreNotWholeAreNamedBeforeAnybodyIsAsked() throws IOException {
        assertThat(reference("text,truth\nwake me,alarm\nplay jazz,\n").err())
                .contains("set.csv, row 2 (line 3), column \"truth\": is empty");
        assertThat(reference("text,truth\nm\u00fcde,sleep\n".getBytes(StandardCharsets.ISO_8859_1))
                        .err())
                .contains("row 1 (line 2), column \"text\"", "is not UTF-8", "iconv -f LATIN1");
        assertThat(reference("text,truth\n" + "wake me,alarm\n".repeat(10_001)).err())
                .contains("row 10,001", "at most 10000 examples; take a sample");
        assertThat(reference("text,truth\n").err()).contains("has no rows");
        assertThat(reference("text,label\nwake me,alarm\n").err()).contains("has no column \"truth\"");
        assertThat(server.lines()).isEmpty();
    }
}
