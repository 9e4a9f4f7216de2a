// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.edgewise.agent.onnx.OnnxClassifier;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// `validate --set` against models behind a server: the repository's own, spoken to over the OpenAI API.
class RemoteModelsTest {
    private static final String EDGE =
            Repository.MODELS.resolve("edge-intent-int4.onnx").toString();
    private static final String FRONTIER =
            Repository.MODELS.resolve("frontier-intent.onnx").toString();
    private static final String LABELS =
            Repository.DATA.resolve("clinc150/labels.json").toString();

    @TempDir
    Path folder;

    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private final ObjectMapper json = new ObjectMapper();
    private volatile int status = 200;
    private volatile int failsFrom = Integer.MAX_VALUE;
    private volatile int busyAt;
    private volatile UnaryOperator<String> answers = UnaryOperator.identity();
    private volatile String prompt = "";
    private final AtomicInteger upgrades = new AtomicInteger();
    private final Set<String> temperatures = ConcurrentHashMap.newKeySet();

    @RegisterExtension
    private final StandInServer server = new StandInServer().on("/v1/chat/completions", this::answer);

    private final OnnxClassifier model;
    private Path set = Path.of("");

    RemoteModelsTest() throws IOException {
        model = Repository.model("frontier-intent");
    }

    @BeforeEach
    void start() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map<String, String> row : Repository.scenario("control").subList(0, 120)) {
            lines.add(row.getOrDefault("text", "").replace(',', ' ') + "," + row.getOrDefault("intent", ""));
        }
        set = Repository.csv(folder.resolve("set.csv"), "text,intent", lines);
    }

    @AfterEach
    void stop() {
        model.close();
    }

    @Test
    void aFrontierBehindAnApiGivesTheReportOfTheSameModelRunHere() throws IOException {
        JsonNode here = validate("--edge", EDGE, "--frontier", FRONTIER).json();
        JsonNode remote = validate("--edge", EDGE, "--frontier", address(), "--frontier-model", "big")
                .json();

        for (String same : List.of("agreement", "kappa", "edgeAccuracy", "frontierAccuracy", "winShare", "confusion")) {
            assertThat(remote.required(same)).as(same).isEqualTo(here.required(same));
        }
        assertThat(remote.required("source").textValue()).startsWith("edge-intent-int4 against big on ");
        assertThat(asked).as("each request once, none to warm up").hasValue(120);
        assertThat(prompt).startsWith("Classify the user's utterance.").contains("transfer");
        assertThat(temperatures).as("the frontier at its own").containsExactly("none");
        assertThat(upgrades).as("no offer of HTTP/2").hasValue(0);
    }

    @Test
    void anEdgeModelBehindALocalServerNeedsItsLabels() throws IOException {
        String[] models = {"--edge", address(), "--edge-model", "small", "--frontier", FRONTIER};
        assertThat(validate(models).err()).contains("give --labels FILE");

        JsonNode report =
                validate(List.of(models), "--labels", LABELS, "--parallel", "1").json();

        assertThat(report.required("agreement").required("share").doubleValue()).isEqualTo(1);
        assertThat(report.required("ece").isNull()).isTrue();
        assertThat(temperatures).as("as the agent asks").containsExactly("0");
        Path plain = Files.writeString(folder.resolve("labels.json"), "[\"another\", \"set\"]");
        assertThat(validate(
                                "--edge",
                                address(),
                                "--edge-model",
                                "small",
                                "--map",
                                "frontier=intent",
                                "--labels",
                                plain.toString())
                        .err())
                .contains("not one of the first 20 answers of small is a label");
    }

    @Test
    void answersThatAreNoLabelAreCountedAsOne() throws IOException {
        answers = label -> label.length() % 2 == 0 ? label : label.toUpperCase(Locale.ROOT);
        JsonNode report = validate("--edge", EDGE, "--frontier", address(), "--frontier-model", "big")
                .json();

        assertThat(report.required("notes").required(0).textValue())
                .contains("answers of big are no label and count as \"(no label, frontier)\"; the first was \"");
        assertThat(report.required("confusion").toString()).contains("(no label, frontier)");
    }

    @Test
    void twoAnswersThatAreNoLabelNeverAgree() throws IOException {
        answers = label -> label.length() % 2 == 0 ? label : "It is " + label;
        JsonNode report = validate(
                        "--edge",
                        address(),
                        "--edge-model",
                        "small",
                        "--frontier",
                        address(),
                        "--frontier-model",
                        "big",
                        "--labels",
                        LABELS)
                .json();

        long strange = 120 - report.required("agreement").required("events").longValue();
        assertThat(strange).isPositive();
        assertThat(report.required("notes").toString())
                .contains(strange + " answers of small", strange + " answers of big");
    }

    @Test
    void aBusyServerIsAskedAgain() throws IOException {
        busyAt = 5;
        JsonNode report = validate("--edge", EDGE, "--frontier", address(), "--frontier-model", "big")
                .json();

        assertThat(report.required("notes")).isEmpty();
        assertThat(asked).hasValue(121);
    }

    @Test
    void keysThatNoHeaderMayHoldAreRefusedWithoutBeingShown() {
        URI here = URI.create("http://127.0.0.1:1");
        assertThatThrownBy(() -> ApiModel.requireSafe(ApiModel.Role.FRONTIER, "sk-1\nsk-2", here))
                .hasMessageContaining("EDGEWISE_FRONTIER_KEY is no key")
                .hasMessageNotContaining("sk-");
        assertThatThrownBy(() -> ApiModel.requireSafe(ApiModel.Role.FRONTIER, "sk-1", URI.create("http://192.0.2.1")))
                .hasMessageContaining("would get the key in plain sight")
                .hasMessageNotContaining("sk-1");
        assertThatCode(() -> ApiModel.requireSafe(ApiModel.Role.EDGE, "sk-1", here))
                .doesNotThrowAnyException();
    }

    @Test
    void rowsWithoutTextAreNotAsked() throws IOException {
        set = Repository.csv(
                folder.resolve("gaps.csv"), "text,intent", List.of("what is my balance,balance", ",transfer"));
        JsonNode report = validate("--edge", EDGE, "--frontier", address(), "--frontier-model", "big")
                .json();

        assertThat(asked).hasValue(1);
        assertThat(report.required("notes").required(0).textValue())
                .isEqualTo("1 rows have no text and were not asked.");
    }

    @Test
    void answersThatAreMissingAreCountedAndSaid() {
        failsFrom = 118;
        Run run = validate(
                "--edge",
                EDGE,
                "--frontier",
                address(),
                "--frontier-model",
                "big",
                "--parallel",
                "1",
                "--retries",
                "0");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("3 requests have no answer of big: http_5xx 3.");
    }

    @Test
    void aWrongKeyCostsOneRequestAndWritesNothing() {
        status = 401;
        Path out = folder.resolve("report.json");
        Run run = validate("--edge", EDGE, "--frontier", address(), "--frontier-model", "big", "--out", out.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("no answer: the frontier at ", "HTTP status 401: broken");
        assertThat(asked).hasValue(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void aServerThatHasGoneAwayEndsTheRun() {
        failsFrom = 31;
        Run run = validate(
                "--edge",
                EDGE,
                "--frontier",
                address(),
                "--frontier-model",
                "big",
                "--parallel",
                "1",
                "--retries",
                "0");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("20 requests in a row have no answer");
        assertThat(asked.get()).isEqualTo(50);
    }

    @Test
    void whatIsMissingOrWrongIsSaid() throws IOException {
        assertThat(validate("--edge", EDGE, "--frontier", address()).err())
                .contains("is a server: say with --frontier-model NAME which of its models.");
        assertThat(validate("--edge", EDGE, "--frontier", "https://a_b/v1", "--frontier-model", "m")
                        .err())
                .contains("names no host");
        assertThat(validate("--edge", EDGE, "--frontier", FRONTIER, "--parallel", "0")
                        .err())
                .contains("--parallel 0 must lie in 1 to 64");
        assertThat(validate("--edge", EDGE, "--frontier", "https://me:secret@x.org", "--frontier-model", "m")
                        .err())
                .contains("holds a name or password")
                .doesNotContain("secret");
        assertThat(validate("--edge", EDGE, "--frontier", "https://x.org?v=1", "--frontier-model", "m")
                        .err())
                .contains("has a query");
        assertThat(validate(
                                "--edge",
                                address(),
                                "--edge-model",
                                "q4",
                                "--reference-build",
                                address(),
                                "--reference-model",
                                "q4",
                                "--frontier",
                                FRONTIER,
                                "--labels",
                                LABELS)
                        .err())
                .contains("--reference-build is the edge model itself");
        assertThat(validate("--edge", EDGE, "--frontier", address(), "--frontier-model", "m", "--prompt", "nowhere.txt")
                        .err())
                .contains("--prompt nowhere.txt cannot be read");
        Path own = Files.writeString(folder.resolve("prompt.txt"), "One word, please.");
        assertThat(validate(
                                "--edge",
                                EDGE,
                                "--frontier",
                                address() + "/v1/chat/completions",
                                "--frontier-model",
                                "m",
                                "--prompt",
                                own.toString())
                        .code())
                .isZero();
        assertThat(prompt).isEqualTo("One word, please.");
        assertThat(authorizations).as("no key was given").containsOnly("none");
    }

    private Run validate(String... more) {
        return validate(List.of(), more);
    }

    private Run validate(List<String> first, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "validate", "--set", set.toString(), "--no-quotes", "--map", "truth=intent", "--format", "json"));
        arguments.addAll(first);
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    private String address() {
        return server.url();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            int number = asked.incrementAndGet();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(authorization == null ? "none" : authorization);
            JsonNode request = json.readTree(exchange.getRequestBody());
            JsonNode messages = request.required("messages");
            prompt = messages.required(0).required("content").textValue();
            int code = number >= failsFrom || number == busyAt ? 503 : status;
            String label = answers.apply(
                    model.infer(messages.required(1).required("content").textValue())
                            .label());
            temperatures.add(request.path("temperature").asText("none"));
            upgrades.addAndGet(exchange.getRequestHeaders().containsKey("Upgrade") ? 1 : 0);
            byte[] body = (code != 200
                            ? "{\"error\":{\"message\":\"broken\"}}"
                            : "{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                                    + label + "\"},\"finish_reason\":\"stop\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
