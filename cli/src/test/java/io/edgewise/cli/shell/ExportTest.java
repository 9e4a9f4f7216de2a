// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against a server that speaks the wire of the export; that the real one does is the server's own test.
class ExportTest {
    private static final String LINES = """
            {"window":"2026-05-01T00:00:00Z","answer":"a"}
            {"window":"2026-05-02T00:00:00Z","answer":"b"}
            """;

    private static final String EXPORTS = "/api/v1/exports/";

    @RegisterExtension
    private final StandInServer server = new StandInServer().on(EXPORTS, 200, LINES);

    @TempDir
    private Path folder;

    private Run export(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("export", "--workload", "voice", "--from", "2026-05-01", "--to", "2026-05-08T12:00:00Z"));
        arguments.addAll(Arrays.asList(more));
        return server.run(arguments.toArray(String[]::new));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    @Test
    void judgedDisagreementsGoToTheTerminalOrIntoAFile() throws IOException {
        Path file = folder.resolve("voice.jsonl");

        assertThat(export().out()).isEqualTo(LINES);
        Run run = export("--out", file.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("2 disagreements in " + file);
        assertThat(Files.readString(file)).isEqualTo(LINES);
        assertThat(files()).containsExactly("voice.jsonl");
        assertThat(server.lines())
                .containsOnly("GET /api/v1/exports/disagreements?workload=voice&from=2026-05-01T00%3A00%3A00Z"
                        + "&to=2026-05-08T12%3A00%3A00Z");
        assertThat(server.asked())
                .allSatisfy(each -> assertThat(each.authorization()).isEqualTo("Bearer secret-1"));
    }

    @Test
    void windowsOfOneRolloutAndSliceAreCompressedWhereTheNameSaysSo() throws IOException {
        Path file = folder.resolve("windows.jsonl.gz");

        Run run = export(
                "windows", "--rollout", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--slice", "locale=de", "--out", file.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(server.lines())
                .singleElement()
                .asString()
                .startsWith("GET /api/v1/exports/windows?")
                .contains("&rollout=01ARZ3NDEKTSV4RRFFQ69G5FAV&slice=locale%3Dde");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(LINES);
        }
    }

    @Test
    void anExportThatBreaksOffLeavesWhatWasThereBefore() throws IOException {
        Path file = Files.writeString(folder.resolve("voice.jsonl"), "an earlier one\n");
        List<HttpHandler> broken = List.of(
                exchange -> {
                    exchange.sendResponseHeaders(200, LINES.length() + 100);
                    exchange.getResponseBody().write(LINES.getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                },
                exchange -> StandInServer.write(exchange, 200, LINES.strip()),
                exchange -> {
                    // A chunk is announced and does not come.
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    out.write(LINES.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    throw new IOException("the database cannot be read");
                });
        for (HttpHandler each : broken) {
            server.on(EXPORTS, each);

            Run run = export("--out", file.toString());

            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("the export broke off after ", "Nothing was written; run it again.");
            assertThat(Files.readString(file)).isEqualTo("an earlier one\n");
            assertThat(files()).containsExactly("voice.jsonl");
        }
    }

    @Test
    void anEmptyExportSaysWhatIsExported() {
        server.on(EXPORTS, 200, "");

        assertThat(export().err()).contains("no disagreements: there are none").contains("that may train");
        assertThat(export("windows").err()).contains("no windows: there are none");
    }

    @Test
    void whatTheServerRefusesIsToldInItsWords() throws IOException {
        server.on(EXPORTS, 400, "{\"title\": \"the export is not valid\", \"detail\": \"by 400 days at most\"}");
        assertThat(export().err()).contains("answered 400: the export is not valid: by 400 days at most.");
        server.on(EXPORTS, 401, "");
        assertThat(export().err()).contains("does not know the token", "secrets/operator-token");
        server.on(EXPORTS, exchange -> {
            exchange.getResponseHeaders().add("Location", "https://elsewhere.example.com/");
            StandInServer.write(exchange, 302, "");
        });
        assertThat(export("--out", folder.resolve("x.jsonl").toString()).err()).contains("answered 302");
        server.stop();
        assertThat(export().err()).contains("nobody answers at http://localhost:");
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --from yesterday               | --from "yesterday" is no time; write 2026-05-01T00:00:00Z
            --to 2026-05-01                | --to 2026-05-01 is not after --from 2026-05-01
            --server http://example.com    | would send the token in the clear
            --server example.com           | is no URL
            --token-file none/there        | --token-file none/there cannot be read
            --slice locale=de              | are for windows
            --out nowhere/x.jsonl          | there is no folder
            """)
    void wrongUsageSaysWhatToWrite(String option, String why) {
        List<String> words = new ArrayList<>(List.of("export", "--workload", "voice"));
        for (String[] given :
                List.of(new String[] {"--from", "2026-05-01"}, new String[] {"--to", "2026-05-02"}, new String[] {
                    "--token-file", server.token().toString()
                })) {
            if (!option.startsWith(given[0] + " ")) {
                words.addAll(Arrays.asList(given));
            }
        }
        words.addAll(Arrays.asList(option.split(" ")));

        Run run = Run.of(words.toArray(String[]::new));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(why);
        assertThat(server.asked()).isEmpty();
    }
}
