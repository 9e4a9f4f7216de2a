// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bench` says of a classifier and of a local server, as JSON and as a table.
class BenchTest {
    private static final long PAUSE_MS = 20;

    @TempDir
    private Path folder = Path.of("");

    private String bench(ChatServer local, String... more) throws Exception {
        Path config = Files.writeString(
                folder.resolve("agent.yaml"), """
                device: kiosk-17
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "http://127.0.0.1:1", model: gpt-x}
                edge:
                  models: %s/models
                  builds: [%s]
                  server: {url: "%s", build: llm-1, model: large}
                """.formatted(Scene.HOME, Scene.HOME, Scene.BUILD, local.url()));
        StringWriter printed = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("bench", "--config", config.toString(), "--requests", "200"));
        arguments.addAll(List.of(more));
        assertThat(Main.commandLine()
                        .setOut(new PrintWriter(printed))
                        .setErr(new PrintWriter(printed))
                        .execute(arguments.toArray(String[]::new)))
                .as(printed.toString())
                .isZero();
        return printed.toString();
    }

    @Test
    void aLocalServersFirstTokenPrefillAndDecodeStandBesideAClassifiersLoadTimeSizeAndMemory() throws Exception {
        try (ChatServer local =
                new ChatServer().says("a few words").takes(PAUSE_MS).measures(812.5, 41.5)) {
            String printed = bench(local, "--json");
            assertThat(folder.resolve("edgewise-agent-data/bench.json")).hasContent(printed.strip());
            JsonNode models = new ObjectMapper().readTree(printed).path("models");
            assertThat(models).hasSize(2);
            JsonNode classifier = models.path(0);
            assertThat(classifier.path("build").asText()).isEqualTo(Scene.BUILD);
            assertThat(classifier.path("loadMs").asDouble()).isPositive();
            assertThat(classifier.path("modelBytes").asLong())
                    .isEqualTo(Files.size(Scene.HOME.resolve("models/edge-intent-int4.onnx")));
            boolean isToldMemory = Files.exists(Path.of("/proc/self/status"));
            assertThat(classifier.has("peakMemoryBytes")).isEqualTo(isToldMemory);
            assertThat(classifier.path("peakMemoryBytes").asLong(1)).isPositive();
            assertThat(classifier.path("requestsPerSecond").asDouble()).isPositive();
            assertThat(fields(classifier)).doesNotContain("firstTokenMs", "prefillTokensPerSecond");

            JsonNode server = models.path(1);
            assertThat(server.path("build").asText()).isEqualTo("llm-1");
            assertThat(server.path("loadMs").asDouble()).isGreaterThanOrEqualTo(PAUSE_MS);
            assertThat(server.path("firstTokenMs").asDouble()).isGreaterThanOrEqualTo(PAUSE_MS);
            assertThat(server.path("p50Us").asDouble())
                    .isGreaterThan(server.path("firstTokenMs").asDouble() * 1_000 - 10);
            assertThat(server.path("prefillTokensPerSecond").asDouble()).isEqualTo(812.5);
            assertThat(server.path("decodeTokensPerSecond").asDouble()).isEqualTo(41.5);
            assertThat(fields(server)).doesNotContain("modelBytes", "peakMemoryBytes", "p99Us", "requestsPerSecond");
            assertThat(local.asked()).hasSize(9);
        }
    }

    private static List<String> fields(JsonNode node) {
        return node.properties().stream().map(field -> field.getKey()).toList();
    }

    @Test
    void theTableHasARowWithItsUnitForEachFigureThatIsKnownAndNoOther() throws Exception {
        try (ChatServer local = new ChatServer().says("a few words").measures(1_812.5, 41.5)) {
            String printed = bench(local);
            String[] parts = printed.split("(?m)^llm-1 ", 2);

            assertThat(parts[0]).startsWith(Scene.BUILD + " (onnxruntime ");
            assertThat(rows(parts[0]))
                    .containsSubsequence("load ms", "size bytes", "p50 µs", "p99 µs", "one thread requests/s")
                    .doesNotContain("first token ms", "prefill tokens/s", "decode tokens/s");
            assertThat(rows(parts[1]))
                    .containsSubsequence("load ms", "p50 µs", "first token ms", "prefill tokens/s", "decode tokens/s")
                    .doesNotContain("size bytes", "peak memory bytes", "p99 µs");
            assertThat(parts[1])
                    .containsPattern("prefill +1,812\\.5 tokens/s")
                    .containsPattern("decode +41\\.5 tokens/s");
        }
    }

    /// Name and unit of each row whose figure is above 0.
    private static List<String> rows(String table) {
        return table.lines()
                .flatMap(line -> line.matches("  \\S.{11} +[\\d,]+\\.\\d .+") && !line.matches(".* 0\\.0 .*")
                        ? Stream.of(line.replaceAll("^ +(\\S+( \\S+)?) +[\\d,.]+ (.+)$", "$1 $3"))
                        : Stream.empty())
                .toList();
    }
}
