// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against a server that speaks the wire of the export; that the real one does is the server's own test.
class ExportTest {
    private static final String LINES = """
            {"window":"2026-05-01T00:00:00Z","answer":"a"}
            {"window":"2026-05-02T00:00:00Z","answer":"b"}
            """;

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private Path token;
    private Answer answer = exchange -> whole(exchange, 200, LINES);

    @TempDir
    private Path folder;

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            answer.to(exchange);
            exchange.close();
        });
        server.start();
        token = Files.writeString(folder.resolve("operator-token"), "secret-1\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void whole(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Run export(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "export",
                "--server",
                "http://localhost:" + server.getAddress().getPort(),
                "--token-file",
                token.toString(),
                "--workload",
                "voice",
                "--from",
                "2026-05-01",
                "--to",
                "2026-05-08T12:00:00Z"));
        arguments.addAll(Arrays.asList(more));
        return Run.of(arguments.toArray(String[]::new));
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
        assertThat(files()).containsExactly("operator-token", "voice.jsonl");
        assertThat(asked)
                .containsOnly("/api/v1/exports/disagreements?workload=voice&from=2026-05-01T00%3A00%3A00Z"
                        + "&to=2026-05-08T12%3A00%3A00Z Bearer secret-1");
    }

    @Test
    void windowsOfOneRolloutAndSliceAreCompressedWhereTheNameSaysSo() throws IOException {
        Path file = folder.resolve("windows.jsonl.gz");

        Run run = export(
                "windows", "--rollout", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--slice", "locale=de", "--out", file.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(asked)
                .singleElement()
                .asString()
                .startsWith("/api/v1/exports/windows?")
                .contains("&rollout=01ARZ3NDEKTSV4RRFFQ69G5FAV&slice=locale%3Dde");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(LINES);
        }
    }

    @Test
    void anExportThatBreaksOffLeavesWhatWasThereBefore() throws IOException {
        Path file = Files.writeString(folder.resolve("voice.jsonl"), "an earlier one\n");
        List<Answer> broken = List.of(
                exchange -> {
                    exchange.sendResponseHeaders(200, LINES.length() + 100);
                    exchange.getResponseBody().write(LINES.getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                },
                exchange -> whole(exchange, 200, LINES.strip()),
                exchange -> {
                    // A chunk is announced and does not come.
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    out.write(LINES.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    throw new IOException("the database cannot be read");
                });
        for (Answer each : broken) {
            answer = each;

            Run run = export("--out", file.toString());

            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("the export broke off after ", "Nothing was written; run it again.");
            assertThat(Files.readString(file)).isEqualTo("an earlier one\n");
            assertThat(files()).containsExactly("operator-token", "voice.jsonl");
        }
    }

    @Test
    void anEmptyExportSaysWhatIsExported() {
        answer = exchange -> whole(exchange, 200, "");

        assertThat(export().err()).contains("no disagreements: there are none").contains("that may train");
        assertThat(export("windows").err()).contains("no windows: there are none");
    }

    @Test
    void whatTheServerRefusesIsToldInItsWords() throws IOException {
        answer = exchange ->
                whole(exchange, 400, "{\"title\": \"the export is not valid\", \"detail\": \"by 400 days at most\"}");
        assertThat(export().err()).contains("answered 400: the export is not valid: by 400 days at most.");
        answer = exchange -> whole(exchange, 401, "");
        assertThat(export().err()).contains("does not know the token", "secrets/operator-token");
        answer = exchange -> {
            exchange.getResponseHeaders().add("Location", "https://elsewhere.example.com/");
            whole(exchange, 302, "");
        };
        assertThat(export("--out", folder.resolve("x.jsonl").toString()).err()).contains("answered 302");
        server.stop(0);
        assertThat(export().err()).contains("nobody answers at http://localhost:");
        assertThat(files()).containsExactly("operator-token");
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
                    "--token-file", token.toString()
                })) {
            if (!option.startsWith(given[0] + " ")) {
                words.addAll(Arrays.asList(given));
            }
        }
        words.addAll(Arrays.asList(option.split(" ")));

        Run run = Run.of(words.toArray(String[]::new));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(why);
        assertThat(asked).isEmpty();
    }
}
