// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.Chat;
import io.edgewise.agent.ConfidenceSource;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.Request;
import io.edgewise.agent.Terms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LocalModelTest {
    private static final String ANSWER = """
            {"model": "m", "choices": [{"message": {"content": "yes"}, "logprobs": {"content": [
              {"token": "y", "logprob": -0.25}, {"token": "es", "logprob": -0.75}]}}],
             "usage": {"prompt_tokens": 7, "completion_tokens": 2},
             "timings": {"prompt_per_second": 900.5, "predicted_per_second": 31.5}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
    private final HttpServer server = create();
    private volatile Map<String, String> answers = Map.of("/v1/chat/completions", ANSWER);
    private volatile boolean isSilent;
    private final Semaphore over = new Semaphore(0);

    private static HttpServer create() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        server.createContext("/", exchange -> {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            String answer = answers.get(exchange.getRequestURI().getPath());
            byte[] bytes = (answer == null ? "not found" : answer).getBytes(StandardCharsets.UTF_8);
            if (isSilent) {
                over.acquireUninterruptibly();
            }
            exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        over.release();
        server.stop(0);
        http.close();
    }

    private OpenAiRuntime runtime(boolean logprobs) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new OpenAiRuntime(
                new OpenAiEndpoint(
                        new OpenAiEndpoint.Place("local", base, Duration.ofSeconds(10)), http, System::nanoTime),
                "m",
                Optional.of("Bearer of-the-server"),
                new LocalRuntime.Capabilities(logprobs, false, false));
    }

    private LocalModel model(ConfidenceSource confidence) {
        return new LocalModel(
                runtime(confidence != ConfidenceSource.NONE),
                new LocalRuntime.Probe("llama.cpp", "b1", true),
                new LocalModel.Settings("edge-llm", "m", "ab".repeat(32), "Say yes or no.", confidence));
    }

    private static Request chat(String body) {
        Chat chat = new Chat(
                "/v1/chat/completions",
                body.getBytes(StandardCharsets.UTF_8),
                false,
                Optional.of("Bearer the-apps-key"),
                Optional.empty());
        return new Request("user-1", "hi", Terms.DEFAULT, Optional.of(chat));
    }

    @Test
    void theConfidenceComesFromWhereItIsDeclaredAndFromNowhereElse() {
        assertThat(model(ConfidenceSource.LABEL_LOGPROBS)
                        .infer("hi")
                        .confidence()
                        .orElseThrow())
                .isEqualTo(Math.exp(-1), within(1e-12));
        assertThat(model(ConfidenceSource.MEAN_LOGPROB).infer("hi").confidence().orElseThrow())
                .isEqualTo(Math.exp(-0.5), within(1e-12));
        assertThat(model(ConfidenceSource.NONE).infer("hi").confidence()).isEmpty();
    }

    @Test
    void anAnswerWithoutLogProbabilitiesHasNoConfidenceInsteadOfZero() {
        answers = Map.of(
                "/v1/chat/completions", "{\"choices\": [{\"message\": {\"content\": \"yes\"}, \"logprobs\": null}]}");

        ModelAnswer answer = model(ConfidenceSource.LABEL_LOGPROBS).infer("hi");

        assertThat(answer.label()).isEqualTo("yes");
        assertThat(answer.confidence()).isEmpty();
        assertThat(answer.entropy()).isEmpty();
    }

    @Test
    void aConfidenceThatTheServerCannotGiveIsRefusedAtOnce() {
        assertThatThrownBy(() -> new LocalModel(
                        runtime(false),
                        new LocalRuntime.Probe("lm-studio", "", true),
                        new LocalModel.Settings("b", "m", "", "p", ConfidenceSource.MEAN_LOGPROB)))
                .hasMessageContaining("declare none");
        assertThatThrownBy(() -> new LocalModel.Settings("b", "m", "", "p", ConfidenceSource.CLASS_PROBABILITIES))
                .hasMessageContaining("no class probabilities");
    }

    @Test
    void theAppsOwnWordsAreAskedUnderTheServersNameOfTheModel() {
        ModelAnswer answer = model(ConfidenceSource.NONE)
                .infer(
                        chat(
                                "{\"model\": \"gpt-x\", \"messages\": [], \"seed\": 7, \"tools\": [{\"type\": \"function\"}]}"));

        assertThat(answer.spoken().tokensOut()).hasValue(2);
        assertThat(answer.spoken().reply()).isPresent();
        assertThat(bodies.peek())
                .contains("\"model\":\"m\"", "\"seed\":7", "\"tools\"")
                .doesNotContain("gpt-x", "logprobs");
        assertThat(keys).as("the server's own key, not the app's").containsExactly("Bearer of-the-server");
    }

    @Test
    void theServersOwnTimingsAreRead() throws OpenAiFailure {
        LocalRuntime.Spoke spoke = runtime(true)
                .chat(new OpenAiEndpoint.Question(
                        "/v1/chat/completions",
                        "{}".getBytes(StandardCharsets.UTF_8),
                        false,
                        Optional.empty(),
                        Optional.empty()));

        assertThat(spoke.timings().prefill()).hasValue(900.5);
        assertThat(spoke.timings().decode()).hasValue(31.5);
    }

    @Test
    void theKindOfServerShowsInWhatItAnswers() throws OpenAiFailure {
        String models = "{\"data\": [{\"id\": \"m\", \"owned_by\": \"library\"}]}";
        answers = Map.of("/v1/models", models, "/api/version", "{\"version\": \"0.9.2\"}");
        assertThat(runtime(true).probe()).isEqualTo(new LocalRuntime.Probe("ollama", "0.9.2", true));

        answers = Map.of("/v1/models", models, "/props", "{\"build_info\": \"b9931\"}");
        assertThat(runtime(true).probe()).isEqualTo(new LocalRuntime.Probe("llama.cpp", "b9931", true));

        answers = Map.of("/v1/models", "{\"data\": [{\"id\": \"other\", \"owned_by\": \"me\"}]}");
        assertThat(runtime(true).probe()).isEqualTo(new LocalRuntime.Probe("openai-compatible", "", false));
    }

    @Test
    void aServerThatRefusesIsAFailureThatNamesTheBuild() {
        answers = Map.of();

        assertThatThrownBy(() -> model(ConfidenceSource.NONE).infer("hi"))
                .hasMessageContaining("edge-llm")
                .hasMessageContaining("404");
    }

    @Test
    void aServerIsGivenUpAtTheLimitOfTheRequest() throws Exception {
        LocalModel model = model(ConfidenceSource.NONE);
        assertThat(model.infer(chat("{}"), Duration.ofMinutes(1)).label()).isEqualTo("yes");
        isSilent = true;

        assertThat(model.endsInTime()).isTrue();
        assertThatThrownBy(() -> model.infer(chat("{}"), Duration.ofMillis(50)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.05S");
    }

    @Test
    void logProbabilitiesThatAreNoneGiveNoConfidence() {
        LocalModel model = model(ConfidenceSource.LABEL_LOGPROBS);

        assertThat(model.confidence(List.of(-1.0, Double.NaN))).isEmpty();
        assertThat(model.confidence(List.of(0.5))).isEmpty();
        assertThat(model.confidence(List.of())).isEmpty();
    }
}
