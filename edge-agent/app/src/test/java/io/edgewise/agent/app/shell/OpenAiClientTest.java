// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import io.edgewise.contracts.v1.Directive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The official OpenAI client, of which only the base URL was changed, against real models.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiClientTest {
    private static final String QUESTION = "what kind of gas can i put into this car";

    @TempDir
    private static Path folder = Path.of("");

    private Scene scene;
    private OpenAIClient client;

    @BeforeAll
    void start() throws Exception {
        scene = new Scene(folder, "");
        client = client(Scene.KEY);
    }

    @AfterAll
    void stop() {
        client.close();
        scene.close();
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(scene.url() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder()
                .model(Scene.FRONTIER)
                .addSystemMessage("Classify.")
                .addUserMessage(text)
                .safetyIdentifier("user-7");
    }

    @Test
    void withoutOrdersTheFrontierAnswersAsIfItWereAskedDirectly() throws Exception {
        try (HttpResponseFor<ChatCompletion> response = client.chat()
                .completions()
                .withRawResponse()
                .create(ask(QUESTION).build())) {
            ChatCompletion completion = response.parse();

            assertThat(completion.choices().getFirst().message().content()).hasValue("gas_type");
            assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(1);
            assertThat(response.headers().values("X-Edgewise-Arm")).containsExactly("champion");
            assertThat(response.headers().values("X-Edgewise-Served-By")).containsExactly(Scene.FRONTIER);
            assertThat(response.headers().values("X-Edgewise-Observation").getFirst())
                    .matches("[0-9a-f]{32}");
            assertThat(response.headers().values("X-Edgewise-Feedback-Token")).hasSize(1);
        }
    }

    @Test
    void theEdgeModelAnswersLikeTheGoldenFileInEveryQuantization() throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<String> flipped = new ArrayList<>();
        for (String build : Scene.builds()) {
            scene.order(build, Directive.Mode.MODE_APPROVED);
            try (Stream<String> lines = Files.lines(Scene.HOME.resolve("models/golden.jsonl"))) {
                for (String line : lines.limit(80).toList()) {
                    JsonNode row = json.readTree(line);
                    JsonNode expected = row.path("predictions").path(build);
                    ChatCompletion completion = client.chat()
                            .completions()
                            .create(ask(row.path("text").asText())
                                    .logprobs(true)
                                    .topLogprobs(3)
                                    .build());
                    var choice = completion.choices().getFirst();
                    var token = choice.logprobs()
                            .orElseThrow()
                            .content()
                            .orElseThrow()
                            .getFirst();
                    assertThat(Math.exp(token.logprob()))
                            .isEqualTo(expected.path("confidence").asDouble(), within(1e-4));
                    assertThat(token.topLogprobs()).hasSize(3);
                    assertThat(completion.model()).isEqualTo(build);
                    if (!choice.message()
                            .content()
                            .orElseThrow()
                            .equals(expected.path("label").asText())) {
                        flipped.add(build + " " + row.path("id").asText() + " " + expected.path("margin"));
                        assertThat(expected.path("margin").asDouble()).isLessThan(1e-3);
                    }
                }
            }
        }
        assertThat(flipped).hasSizeLessThan(3);
        scene.order(Scene.BUILD, Directive.Mode.MODE_CHAMPION_ONLY);
    }

    @Test
    void aBuildAskedByItsNameAnswersAlone() {
        ChatCompletion completion = client.chat()
                .completions()
                .create(ask(QUESTION).model("edge-intent-int8").build());

        assertThat(completion.choices().getFirst().message().content()).hasValue("gas_type");
        assertThat(completion.model()).isEqualTo("edge-intent-int8");
    }

    @Test
    void anEdgeAnswerStreamsWithUsageAndLogProbabilities() {
        scene.order(Scene.BUILD, Directive.Mode.MODE_APPROVED);
        StringBuilder text = new StringBuilder();
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(ask(QUESTION)
                        .logprobs(true)
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
        assertThat(chunks)
                .anyMatch(chunk -> chunk.choices().stream()
                        .anyMatch(choice -> choice.logprobs().isPresent()));
        scene.order(Scene.BUILD, Directive.Mode.MODE_CHAMPION_ONLY);
    }

    @Test
    void aFrontierAnswerStreamsThrough() {
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(ask(QUESTION).build())) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(text::append));
        }
        assertThat(text.toString()).isEqualTo("gas_type");
    }

    @Test
    void aCompletionIsAnsweredByTheEdgeModelToo() {
        scene.order(Scene.BUILD, Directive.Mode.MODE_APPROVED);

        var completion = client.completions()
                .create(CompletionCreateParams.builder()
                        .model(CompletionCreateParams.Model.of(Scene.FRONTIER))
                        .prompt(QUESTION)
                        .logprobs(2)
                        .build());

        assertThat(completion.choices().getFirst().text()).isEqualTo("gas_type");
        assertThat(completion
                        .choices()
                        .getFirst()
                        .logprobs()
                        .orElseThrow()
                        .tokens()
                        .orElseThrow())
                .containsExactly("gas_type");
        scene.order(Scene.BUILD, Directive.Mode.MODE_CHAMPION_ONLY);
    }

    @Test
    void listsItsModels() {
        assertThat(client.models().list().items().stream().map(Model::id))
                .contains(Scene.FRONTIER, Scene.BUILD, "edge-intent-fp32");
        assertThat(client.models().retrieve(Scene.BUILD).ownedBy()).isEqualTo("edgewise");
    }

    @Test
    void theFrontiersOwnErrorsReachTheClientAsTheyAre() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(ask(QUESTION).temperature(3.0).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'temperature' must be a number from 0 to 2");
        OpenAIClient stranger = client("wrong");
        assertThatThrownBy(
                        () -> stranger.chat().completions().create(ask(QUESTION).build()))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("Incorrect API key");
        stranger.close();
    }

    @Test
    void whatTheAgentDoesNotUnderstandGoesToTheFrontier() {
        assertThatThrownBy(() -> client.files().list()).hasMessageContaining("Invalid URL (GET /v1/files)");
        // Two choices are more than the edge model gives; the frontier says what it thinks of them.
        assertThatThrownBy(() ->
                        client.chat().completions().create(ask(QUESTION).n(2).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'n' must be 1");
    }
}
