// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.FrontierAnswer;
import io.edgewise.agent.frontier.OpenAiFrontier;
import io.edgewise.agent.frontier.OpenAiSettings;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.demo.LatencyLaw;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontierServerTest {
    private static final Path HOME = Path.of("..", "..");
    private static final String KEY = "a-key";
    private static final LatencyLaw NEAR = new LatencyLaw(1, 1);
    private static final String QUESTION = "what kind of gas can i put into this car";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private OnnxClassifier model;
    private FrontierServer server;

    @BeforeAll
    void start() throws IOException {
        model = OnnxClassifier.open(
                ModelManifest.load(HOME.resolve("models"), "frontier-intent"),
                Labels.load(HOME.resolve("data/clinc150/labels.json")));
        server = start(0, NEAR);
    }

    @AfterAll
    void stop() {
        server.close();
        model.close();
    }

    @Test
    void completesAChatWithALabel() throws Exception {
        JsonNode answer = answer(200, chat(KEY, body("")));

        assertThat(answer.path("choices")
                        .path(0)
                        .path("message")
                        .path("content")
                        .asText())
                .isEqualTo("gas_type");
        assertThat(answer.path("choices").path(0).path("finish_reason").asText())
                .isEqualTo("stop");
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("model").asText()).isEqualTo("frontier-intent");
        assertThat(answer.path("system_fingerprint").asText()).matches("fp_[0-9a-f]{12}");
        assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(13);
        assertThat(answer.path("usage").path("total_tokens").asInt()).isEqualTo(14);
    }

    @Test
    void answersAsTheGoldenFileSays() throws Exception {
        OpenAiFrontier client = client(server);
        try (Stream<String> lines = Files.lines(HOME.resolve("models/golden.jsonl"))) {
            for (String line : lines.limit(60).toList()) {
                JsonNode golden = json.readTree(line);
                FrontierAnswer answer = client.ask(golden.path("text").asText());

                assertThat(answer.label())
                        .isEqualTo(golden.path("predictions")
                                .path("frontier-intent")
                                .path("label")
                                .asText());
                assertThat(answer.model()).isEqualTo("frontier-intent");
                assertThat(answer.spoken().tokensOut()).hasValue(1);
            }
        }
    }

    @Test
    void understandsContentInParts() throws Exception {
        String parts = """
                {"model":"frontier-intent","messages":[{"role":"user","content":[
                  {"type":"text","text":"what kind of gas "},{"type":"text","text":"can i put into this car"}]}]}""";

        assertThat(answer(200, chat(KEY, parts))
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo("gas_type");
    }

    @Test
    void listsItsModel() throws Exception {
        JsonNode models = answer(200, send("GET", "/v1/models", KEY, ""));

        assertThat(models.at("/data/0/id").asText()).isEqualTo("frontier-intent");
    }

    @Test
    void refusesInTheShapeOfOpenAi() throws Exception {
        assertError(401, "invalid_api_key", chat("wrong", body("")));
        assertError(401, "invalid_api_key", chat("", body("")));
        assertError(404, "model_not_found", chat(KEY, body("").replace("frontier-intent", "gpt-x")));
        assertError(404, "unknown_url", send("GET", "/v1/nothing", KEY, ""));
        assertError(405, "method_not_supported", send("GET", "/v1/chat/completions", KEY, ""));
        assertError(413, "too_large", chat(KEY, "x".repeat(300_000)));
    }

    @Test
    void streamsTheLabelInPiecesWithUsageWhenAsked() throws Exception {
        HttpResponse<String> response = chat(KEY, body(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(response.body().lines().filter(line -> !line.isEmpty()).toList())
                .hasSize(6)
                .allMatch(line -> line.startsWith("data: "))
                .anyMatch(line -> line.contains("\"content\":\"gas_\""))
                .anyMatch(line -> line.contains("\"content\":\"type\""))
                .anyMatch(line -> line.contains("\"completion_tokens\":1"))
                .endsWith("data: [DONE]");
    }

    @Test
    void namesTheBadParameter() throws Exception {
        assertParam("temperature", body(",\"temperature\":3"));
        assertParam("temperature", body(",\"temperature\":\"hot\""));
        assertParam("stream", body(",\"stream\":\"yes\""));
        assertParam("n", body(",\"n\":2"));
        assertParam("model", "{\"messages\":[]}");
        assertParam("messages", "{\"model\":\"frontier-intent\",\"messages\":[]}");
        assertParam(
                "messages",
                "{\"model\":\"frontier-intent\",\"messages\":[{\"role\":\"system\",\"content\":\"be kind\"}]}");
        assertParam(
                "messages[0].content",
                "{\"model\":\"frontier-intent\",\"messages\":[{\"role\":\"user\",\"content\":\"  \"}]}");
    }

    @Test
    void refusesWhatIsNotJson() throws Exception {
        for (String bad : List.of("{", "", "[1", "\u0000", "[]", "7")) {
            JsonNode error = answer(400, chat(KEY, bad)).path("error");

            assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
            assertThat(error.path("message").asText()).isNotBlank();
        }
    }

    @Test
    void speaksTheOpenInferenceProtocolWithoutAKey() throws Exception {
        assertThat(answer(200, send("GET", "/v2/health/live", "", ""))
                        .path("live")
                        .asBoolean())
                .isTrue();
        assertThat(answer(200, send("GET", "/v2/health/ready", "", ""))
                        .path("ready")
                        .asBoolean())
                .isTrue();
        assertThat(answer(200, send("GET", "/v2/models/frontier-intent", "", ""))
                        .at("/inputs/0/datatype")
                        .asText())
                .isEqualTo("BYTES");
    }

    @Test
    void infersABatch() throws Exception {
        JsonNode answer = answer(200, infer("""
                {"id":"7","inputs":[{"name":"text","datatype":"BYTES","shape":[2],
                 "data":["what kind of gas can i put into this car","maybe it is"]}]}"""));

        assertThat(answer.path("id").asText()).isEqualTo("7");
        assertThat(answer.at("/outputs/0/data/0").asText()).isEqualTo("gas_type");
        assertThat(answer.at("/outputs/0/data/1").asText()).isEqualTo("maybe");
        assertThat(answer.at("/outputs/1/name").asText()).isEqualTo("probability");
        assertThat(answer.at("/outputs/1/data/0").asDouble()).isBetween(0.2, 1.0);
        assertThat(answer.at("/outputs/1/shape/0").asInt()).isEqualTo(2);
    }

    @Test
    void refusesInTheShapeOfTheOpenInferenceProtocol() throws Exception {
        for (String bad : List.of(
                "{}",
                "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"a\"]}]}",
                "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]}",
                "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"a\"]}]}",
                "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[7]}]}",
                "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[0],\"data\":[]}]}")) {
            assertThat(answer(400, infer(bad)).path("error").isTextual()).isTrue();
        }
        assertThat(answer(404, send("GET", "/v2/models/other", "", ""))
                        .path("error")
                        .asText())
                .contains("frontier-intent");
        answer(404, send("GET", "/v2/else", "", ""));
    }

    @Test
    void disagreesWithItselfMoreTheHotterItIs() throws Exception {
        String vague = "{\"model\":\"frontier-intent\",\"temperature\":%s,\"messages\":[{\"role\":\"user\","
                + "\"content\":\"card account order\"}]}";

        assertThat(distinct(vague.formatted("0"))).isEqualTo(1);
        assertThat(distinct(vague.formatted("2"))).isGreaterThan(1);
    }

    @Test
    void isAsFarAwayAsItsNetwork() throws Exception {
        try (FrontierServer far = start(0, new LatencyLaw(40_000, 40_000))) {
            OpenAiFrontier client = client(far);
            client.ask(QUESTION);
            long[] nanos = new long[20];
            for (int i = 0; i < nanos.length; i++) {
                long before = System.nanoTime();
                client.ask(QUESTION);
                nanos[i] = System.nanoTime() - before;
            }
            java.util.Arrays.sort(nanos);

            // Nothing arrives early; how late it may be depends on the machine, not on us.
            assertThat(nanos[0] / 1e6).isGreaterThanOrEqualTo(40);
            assertThat(nanos[10] / 1e6).isCloseTo(40, within(200.0));
        }
    }

    private FrontierServer start(double temperature, LatencyLaw network) throws IOException {
        InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        return FrontierServer.start(model, new FrontierServer.Settings(KEY, temperature, network, 1), clock);
    }

    private OpenAiFrontier client(FrontierServer at) {
        return new OpenAiFrontier(
                new OpenAiSettings(
                        "demo", at.base(), "frontier-intent", Optional.of(KEY), "Classify.", Duration.ofSeconds(10)),
                http,
                System::nanoTime);
    }

    private long distinct(String body) throws Exception {
        java.util.Set<String> labels = new java.util.HashSet<>();
        for (int i = 0; i < 60; i++) {
            labels.add(answer(200, chat(KEY, body))
                    .at("/choices/0/message/content")
                    .asText());
        }
        return labels.size();
    }

    private static String body(String more) {
        return "{\"model\":\"frontier-intent\",\"messages\":[{\"role\":\"system\",\"content\":\"Classify it please\"},"
                + "{\"role\":\"user\",\"content\":\"" + QUESTION + "\"}]" + more + "}";
    }

    private void assertError(int status, String code, HttpResponse<String> response) throws Exception {
        JsonNode error = answer(status, response).path("error");

        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotBlank();
    }

    private void assertParam(String param, String body) throws Exception {
        assertThat(answer(400, chat(KEY, body)).at("/error/param").asText()).isEqualTo(param);
    }

    private JsonNode answer(int status, HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        return json.readTree(response.body());
    }

    private HttpResponse<String> chat(String key, String body) throws Exception {
        return send("POST", "/v1/chat/completions", key, body);
    }

    private HttpResponse<String> infer(String body) throws Exception {
        return send("POST", "/v2/models/frontier-intent/infer", "", body);
    }

    private HttpResponse<String> send(String method, String path, String key, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.base().resolve(path))
                .method(
                        method,
                        body.isEmpty() && !method.equals("POST")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
