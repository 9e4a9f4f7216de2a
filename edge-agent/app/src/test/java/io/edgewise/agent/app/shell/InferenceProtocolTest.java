// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.contracts.v1.Directive;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A plain client of the Open Inference Protocol v2.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InferenceProtocolTest {
    @TempDir
    private static Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private Scene scene;

    @BeforeAll
    void start() throws Exception {
        scene = new Scene(folder, "");
    }

    @AfterAll
    void stop() {
        scene.close();
        http.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(scene.url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> infer(String model, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(scene.url() + "/v2/models/" + model + "/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String body(List<String> texts, String more) throws Exception {
        return "{\"id\":\"r-1\"" + more + ",\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":["
                + texts.size() + "],\"data\":" + json.writeValueAsString(texts) + "}]}";
    }

    private static JsonNode output(JsonNode answer, String name) {
        for (JsonNode output : answer.path("outputs")) {
            if (output.path("name").asText().equals(name)) {
                return output;
            }
        }
        throw new AssertionError("no output " + name + " in " + answer);
    }

    @Test
    void saysHowItIsAndWhatItHas() throws Exception {
        assertThat(json.readTree(get("/v2/health/live").body()).path("live").asBoolean())
                .isTrue();
        assertThat(json.readTree(get("/v2/health/ready").body()).path("ready").asBoolean())
                .isTrue();
        assertThat(json.readTree(get("/v2").body()).path("name").asText()).isEqualTo("edgewise-agent");
        JsonNode metadata = json.readTree(get("/v2/models/" + Scene.BUILD).body());
        assertThat(metadata.path("platform").asText()).startsWith("onnxruntime ");
        assertThat(metadata.path("inputs").path(0).path("datatype").asText()).isEqualTo("BYTES");
        assertThat(get("/v2/models/" + Scene.WORKLOAD + "/ready").statusCode()).isEqualTo(200);
        assertThat(get("/v2/models/" + Scene.WORKLOAD + "/versions/1/ready").statusCode())
                .isEqualTo(200);
        assertThat(get("/v2/models/nothing").statusCode()).isEqualTo(404);
        assertThat(json.readTree(get("/v2/nothing").body()).path("error").asText())
                .isNotEmpty();
    }

    @Test
    void theBuildsAnswerLikeTheGoldenFile() throws Exception {
        for (String line :
                Files.readAllLines(Scene.HOME.resolve("models/golden.jsonl")).subList(0, 60)) {
            JsonNode row = json.readTree(line);
            for (String build : Scene.builds()) {
                HttpResponse<String> response =
                        infer(build, body(List.of(row.path("text").asText()), ""));
                JsonNode answer = json.readTree(response.body());
                JsonNode expected = row.path("predictions").path(build);
                boolean isClear = expected.path("margin").asDouble() > 1e-3;

                assertThat(response.statusCode()).isEqualTo(200);
                if (isClear) {
                    assertThat(output(answer, "label").path("data").path(0).asText())
                            .isEqualTo(expected.path("label").asText());
                }
                assertThat(output(answer, "probability").path("data").path(0).asDouble())
                        .isEqualTo(expected.path("confidence").asDouble(), within(1e-4));
            }
        }
    }

    @Test
    void theWorkloadIsRoutedAndEveryTextIsAnObservation() throws Exception {
        scene.order(Scene.BUILD, Directive.Mode.MODE_APPROVED);
        long before = scene.sidecar().backend().agent().snapshot().totals().served();

        HttpResponse<String> response = infer(
                Scene.WORKLOAD,
                body(
                        List.of("what kind of gas can i put into this car", "how do you say hi in french"),
                        ",\"parameters\":{\"unit\":\"user-3\",\"consent\":\"telemetry-only\"}"));
        JsonNode answer = json.readTree(response.body());

        assertThat(answer.path("id").asText()).isEqualTo("r-1");
        assertThat(output(answer, "label").path("data"))
                .extracting(JsonNode::asText)
                .contains("gas_type", "translate");
        assertThat(output(answer, "arm").path("data").path(0).asText()).isEqualTo(Scene.BUILD);
        assertThat(output(answer, "observation_id").path("data").path(1).asText())
                .matches("[0-9a-f]{32}");
        assertThat(response.headers().firstValue("X-Edgewise-Arm")).hasValue("challenger");
        assertThat(scene.sidecar().backend().agent().snapshot().totals().served())
                .isEqualTo(before + 2);
        scene.order(Scene.BUILD, Directive.Mode.MODE_CHAMPION_ONLY);
    }

    @Test
    void onlyTheOutputsThatWereAskedForCome() throws Exception {
        JsonNode answer = json.readTree(infer(Scene.BUILD, body(List.of("hi"), ",\"outputs\":[{\"name\":\"label\"}]"))
                .body());

        assertThat(answer.path("outputs")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | Send one input",
                "[] | must be a JSON object",
                "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"a\"]}]} | shape",
                "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[7]}]} | Element 0",
                "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[7]}]} | datatype BYTES",
                "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[0],\"data\":[]}]} | 1 to 64",
                "{\"inputs\":1,\"inputs\":2} | Duplicate",
            })
    void saysWhatIsWrongWithACall(String body, String expected) throws Exception {
        HttpResponse<String> response = infer(Scene.BUILD, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json.readTree(response.body()).path("error").asText()).contains(expected);
    }
}
