// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.testkit.OrdersServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A local server as the edge arm, end to end: it is another sidecar with a real model, asked by its
/// build's name.
class LocalServerTest {
    private static final String MODEL = "edge-intent-int8";
    private static final String BUILD = "llm-1";
    private static final String TEXT = "what kind of gas can i put into this car";

    @TempDir
    private Path folder = Path.of("");

    private Sidecar server(Path folder) throws Exception {
        return Sidecar.start(
                SettingsReader.read("server", """
                device: runtime
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "http://127.0.0.1:1", model: none}
                edge: {models: %s/models, builds: [%s]}
                log: {level: warn}
                """.formatted(Scene.HOME, Scene.HOME, MODEL), Map.of(), folder));
    }

    private Settings settings(ChatServer frontier, OrdersServer ingest, int port) throws Exception {
        return SettingsReader.read(
                "test",
                """
                device: kiosk-17
                folder: app
                consent: granted
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "%s", model: large}
                edge:
                  server: {url: "http://127.0.0.1:%d", build: llm-1, model: %s, confidence: label-logprobs}
                server: {url: "%s", token: t, feedback-key: "0011", signing-key: %s}
                log: {level: warn}
                """.formatted(Scene.HOME, frontier.url(), port, MODEL, ingest.url(), ingest.writeKey(folder)),
                Map.of(),
                folder);
    }

    private static OpenAIClient client(Sidecar sidecar) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + sidecar.port() + "/v1")
                .apiKey("the-apps-own")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder().model("large").addUserMessage(text);
    }

    private static Doctor.Finding found(Settings settings, String what) {
        return new Doctor(settings)
                .look().stream()
                        .filter(finding -> finding.what().equals(what))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void itsAnswersStreamsAndConfidenceAreThoseOfTheModelAndWithoutItTheChampionAnswers() throws Exception {
        OrdersServer ingest = new OrdersServer();
        ChatServer frontier = new ChatServer().says("translate");
        Sidecar server = server(Files.createDirectory(folder.resolve("server")));
        Settings settings = settings(frontier, ingest, server.port());
        try (ingest;
                frontier;
                Sidecar app = Sidecar.start(settings)) {
            OpenAIClient client = client(app);
            Scene.order(
                    ingest,
                    app,
                    Scene.directive(BUILD, Directive.Mode.MODE_APPROVED)
                            .setChampion(ModelRef.newBuilder().setFrontier("frontier"))
                            .setPairingCanaryBp(0));

            List<Double> confidences = asGolden(client);
            List<Arm> arms = new ArrayList<>();
            Scene.until(() -> ingest.observations().size() == confidences.size());
            ingest.observations().forEach(observation -> arms.add(observation.getArms(0)));
            for (int i = 0; i < arms.size(); i++) {
                assertThat(arms.get(i).getConfidence()).isCloseTo(confidences.get(i), within(1e-4));
                assertThat(arms.get(i).getConfidenceSource()).isEqualTo("label-logprobs");
                assertThat(arms.get(i).getEdge().getBuild()).isEqualTo(BUILD);
                assertThat(arms.get(i).getTokensOut()).isEqualTo(1);
            }
            streams(client);
            assertThat(frontier.asked()).isEmpty();

            assertThat(found(settings, "local server"))
                    .satisfies(finding -> assertThat(finding.state()).isEqualTo(Doctor.State.OK));
            JsonNode bench = new ObjectMapper()
                    .readTree(Benchmark.json(new Benchmark(settings, 10, folder).run(), java.util.Optional.empty()))
                    .at("/models/0");
            assertThat(bench.path("build").asText()).isEqualTo(BUILD);
            assertThat(bench.path("firstTokenMs").asDouble()).isPositive();
            assertThat(bench.path("p50Us").asDouble()).isPositive();
            assertThat(bench.has("modelBytes")).isFalse();

            server.close();
            try (HttpResponseFor<ChatCompletion> response = client.chat()
                    .completions()
                    .withRawResponse()
                    .create(ask(TEXT).build())) {
                assertThat(response.parse().choices().getFirst().message().content())
                        .hasValue("translate");
                assertThat(response.headers().values("X-Edgewise-Arm")).containsExactly("champion");
                assertThat(response.headers().values("X-Edgewise-Reason")).containsExactly("challenger:model_error");
            }
            Doctor.Finding gone = found(settings, "local server");
            assertThat(gone.state()).isEqualTo(Doctor.State.FAIL);
            assertThat(gone.act()).isEqualTo("start it, or correct edge.server.url");
            client.close();
        } finally {
            server.close();
        }
    }

    /// Asks what the golden file asks. Returns its confidences.
    private static List<Double> asGolden(OpenAIClient client) throws Exception {
        List<Double> confidences = new ArrayList<>();
        try (Stream<String> lines = Files.lines(Scene.HOME.resolve("models/golden.jsonl"))) {
            for (String line : lines.limit(20).toList()) {
                JsonNode row = new ObjectMapper().readTree(line);
                JsonNode expected = row.path("predictions").path(MODEL);
                try (HttpResponseFor<ChatCompletion> response = client.chat()
                        .completions()
                        .withRawResponse()
                        .create(ask(row.path("text").asText()).build())) {
                    assertThat(response.headers().values("X-Edgewise-Arm")).containsExactly("challenger");
                    assertThat(response.headers().values("X-Edgewise-Served-By"))
                            .containsExactly(BUILD);
                    assertThat(response.parse().choices().getFirst().message().content())
                            .hasValue(expected.path("label").asText());
                }
                confidences.add(expected.path("confidence").asDouble());
            }
        }
        return confidences;
    }

    private static void streams(OpenAIClient client) {
        StringBuilder text = new StringBuilder();
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(ask(TEXT)
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            stream.stream().forEach(chunks::add);
        }
        chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .forEach(choice -> choice.delta().content().ifPresent(text::append));
        assertThat(text.toString()).isEqualTo("gas_type");
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(1);
    }
}
