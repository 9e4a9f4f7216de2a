// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.PermissionDeniedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Observation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tools and embeddings through the official OpenAI client, of which only the base URL was changed.
class ToolsTest {
    private static final String MAIL = "ada@example.com";
    private static final String ARGUMENTS = "{\"to\": \"Berlin\", \"days\": 3}";

    @TempDir
    private Path folder = Path.of("");

    private OpenAIClient client = OpenAIOkHttpClient.builder().apiKey("none").build();

    @AfterEach
    void end() {
        client.close();
    }

    private ChatScene scene() throws Exception {
        ChatScene scene = new ChatScene(folder);
        scene.frontier.calls("weather", ARGUMENTS);
        return scene;
    }

    private void connect(ChatScene scene) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(scene.url() + "/v1")
                .apiKey("the-apps-own")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder()
                .model("large")
                .addUserMessage(text)
                .addFunctionTool(FunctionDefinition.builder()
                        .name("weather")
                        .description("the weather of the next days")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(Map.of("to", Map.of("type", "string"))))
                                .build())
                        .build());
    }

    private static ChatCompletionMessageFunctionToolCall call(ChatCompletion completion) {
        return completion
                .choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
    }

    private record Heard(String id, String name, String arguments) {}

    private Heard stream(ChatCompletionCreateParams params) {
        StringBuilder id = new StringBuilder();
        StringBuilder name = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().toolCalls().orElse(List.of()).stream())
                    .forEach(piece -> {
                        piece.id().ifPresent(id::append);
                        piece.function().ifPresent(function -> {
                            function.name().ifPresent(name::append);
                            function.arguments().ifPresent(arguments::append);
                        });
                    });
        }
        return new Heard(id.toString(), name.toString(), arguments.toString());
    }

    private List<Float> embedding(String text) {
        CreateEmbeddingResponse response = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("large")
                        .input(text)
                        .build());
        return response.data().getFirst().embedding();
    }

    @Test
    void withTheSmallestSettingsToolsWorkWholeAndStreamedAndNothingThatIsFoundLeaves() throws Exception {
        try (ChatScene scene = scene().smallest("")) {
            connect(scene);
            scene.frontier.calls("weather", "{\"to\": \"Berlin\", \"for\": \"[EMAIL_1]\"}");
            try (HttpResponseFor<ChatCompletion> response = client.chat()
                    .completions()
                    .withRawResponse()
                    .create(ask("what is the weather in Berlin, mail it to " + MAIL)
                            .build())) {
                ChatCompletionMessageFunctionToolCall call = call(response.parse());

                assertThat(call.id()).isEqualTo("call_7");
                assertThat(call.function().name()).isEqualTo("weather");
                assertThat(new ObjectMapper()
                                .readTree(call.function().arguments())
                                .path("for")
                                .asText())
                        .isEqualTo(MAIL);
                assertThat(response.headers().values("X-Edgewise-Arm")).containsExactly("champion");
            }
            assertThat(scene.frontier.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.toString()).contains("[EMAIL_1]").doesNotContain(MAIL);
                assertThat(asked.at("/tools/0/function/name").asText()).isEqualTo("weather");
            });
            scene.frontier.calls("weather", ARGUMENTS);
            assertThat(stream(ask("what is the weather in Berlin").build()))
                    .isEqualTo(new Heard("call_7", "weather", ARGUMENTS));
            assertThat(scene.metrics()).contains("edgewise_agent_failed_total 0.0");
        }
    }

    @Test
    void whatAToolFoundGoesBackToTheModel() throws Exception {
        try (ChatScene scene = scene().smallest("")) {
            connect(scene);
            ChatCompletion first =
                    client.chat().completions().create(ask("and in Berlin").build());
            scene.frontier.says("It rains in Berlin.\n\nTake a coat.");
            ChatCompletion second = client.chat()
                    .completions()
                    .create(ask("and in Berlin")
                            .addMessage(first.choices().getFirst().message())
                            .addMessage(ChatCompletionToolMessageParam.builder()
                                    .toolCallId(call(first).id())
                                    .content("rain, asked by " + MAIL)
                                    .build())
                            .build());

            assertThat(second.choices().getFirst().message().content()).hasValue("It rains in Berlin.\n\nTake a coat.");
            assertThat(scene.frontier.asked().getLast().toString())
                    .contains("rain, asked by [EMAIL_1]", "\"tool_call_id\":\"call_7\"")
                    .doesNotContain(MAIL);
        }
    }

    @Test
    void aStreamThatWouldCallToolsWithPlaceholdersIsRefusedInWords() throws Exception {
        try (ChatScene scene = scene().smallest("")) {
            connect(scene);

            assertThatThrownBy(() -> stream(ask("the weather, for " + MAIL).build()))
                    .isInstanceOf(PermissionDeniedException.class)
                    .hasMessageContaining("without stream, or set privacy.pass-through: true, or privacy.class: open");
            assertThat(scene.frontier.asked()).isEmpty();
        }
        try (ChatScene scene = scene().smallest("privacy: {class: open}\n")) {
            connect(scene);

            assertThat(stream(ask("the weather, for " + MAIL).build()).arguments())
                    .isEqualTo(ARGUMENTS);
        }
    }

    @Test
    void whereAnswersAreLabelsToolsPassOnlyAsTheyAreAndTheRefusalSaysWhichSettingLetsThem() throws Exception {
        String labels = "workload: {name: helpdesk, labels: [yes, no]}\n";
        try (ChatScene scene = scene().smallest(labels)) {
            connect(scene);

            assertThatThrownBy(() ->
                            client.chat().completions().create(ask("hello").build()))
                    .isInstanceOf(PermissionDeniedException.class)
                    .hasMessageContaining("set privacy.pass-through: true, or privacy.class: open");
        }
        try (ChatScene scene = scene().smallest(labels + "privacy: {pass-through: true}\n")) {
            connect(scene);
            try (HttpResponseFor<ChatCompletion> response = client.chat()
                    .completions()
                    .withRawResponse()
                    .create(ask("hello " + MAIL).build())) {
                assertThat(call(response.parse()).function().arguments()).isEqualTo(ARGUMENTS);
                assertThat(response.headers().values("X-Edgewise-Arm")).containsExactly("passthrough");
            }
            assertThat(stream(ask("hello " + MAIL).build())).isEqualTo(new Heard("call_7", "weather", ARGUMENTS));
            assertThat(scene.frontier.asked().getLast().toString()).contains(MAIL);
        }
    }

    @Test
    void aBuildThatCannotCallToolsIsNotAskedToAndNobodyFailed() throws Exception {
        try (ChatScene scene = scene().taught("", "")) {
            scene.local.says("no tools here");
            connect(scene);
            scene.order(Directive.Mode.MODE_APPROVED);

            assertThat(call(client.chat().completions().create(ask("hello").build()))
                            .function()
                            .name())
                    .isEqualTo("weather");
            assertThat(scene.local.asked()).isEmpty();
            Observation observation = scene.observations(1).getFirst();
            assertThat(ObservationFaults.of(observation, observation.getEventTimeMs()))
                    .isEmpty();
            assertThat(observation.getFallbackReason()).isEqualTo("escalated:tools");
            assertThat(observation.getEscalation()).isEqualTo("tools");
            assertThat(observation.getEscalated()).isFalse();
            assertThat(observation.getPairingSelected()).isFalse();
            assertThat(observation.getArmsList()).singleElement().satisfies(arm -> {
                assertThat(arm.getErrorCode()).isEmpty();
                assertThat(arm.getTextDigest().size()).isEqualTo(32);
            });
        }
    }

    @Test
    void theLocalServersToolCallsAreAnswersAndAgreeByNameAndArguments() throws Exception {
        try (ChatScene scene = scene().taught(", tools: true", "")) {
            scene.local.calls("weather", "{\"days\":3,\"to\":\"Berlin\"}");
            connect(scene);
            scene.order(Directive.Mode.MODE_APPROVED);
            for (int i = 0; i < 6; i++) {
                ChatCompletion completion =
                        client.chat().completions().create(ask("hello").build());
                assertThat(call(completion).function().arguments()).isEqualTo("{\"days\":3,\"to\":\"Berlin\"}");
            }
            assertThat(stream(ask("hello").build()).arguments()).isEqualTo("{\"days\":3,\"to\":\"Berlin\"}");

            assertThat(scene.metrics()).contains("edgewise_agent_failed_total 0.0");
            assertThat(scene.observations(7)).allSatisfy(observation -> {
                assertThat(ObservationFaults.of(observation, observation.getEventTimeMs()))
                        .isEmpty();
                assertThat(observation.getServed().name()).isEqualTo("ROLE_CHALLENGER");
                assertThat(observation.getComparison().getDefinition()).isEqualTo("tool-calls/1");
                assertThat(observation.getComparison().getAgrees()).isTrue();
            });
        }
    }

    @Test
    void embeddingsComeFromTheFrontierWithoutWhatIsFoundOrFromTheLocalServer() throws Exception {
        try (ChatScene scene = scene().smallest("")) {
            connect(scene);

            assertThat(embedding("where does " + MAIL + " live"))
                    .hasSize(3)
                    .first()
                    .satisfies(value -> assertThat(value).isCloseTo(0.25f, within(1e-6f)));
            assertThat(scene.frontier.asked())
                    .singleElement()
                    .asString()
                    .contains("[EMAIL_1]")
                    .doesNotContain(MAIL);
            assertThatThrownBy(() -> client.embeddings()
                            .create(EmbeddingCreateParams.builder()
                                    .model("large")
                                    .inputOfArrayOfTokens(List.of(1L, 2L))
                                    .build()))
                    .isInstanceOf(PermissionDeniedException.class)
                    .hasMessageContaining("privacy.pass-through: true");
        }
        try (ChatScene scene = scene().taught(", embeddings: true", "")) {
            connect(scene);

            assertThat(embedding("where does " + MAIL + " live")).hasSize(3);
            assertThat(scene.frontier.asked()).isEmpty();
            assertThat(scene.local.asked()).singleElement().asString().contains(MAIL);
        }
    }
}
