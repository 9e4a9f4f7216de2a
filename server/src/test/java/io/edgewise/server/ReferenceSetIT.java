// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.AgentPorts;
import io.edgewise.agent.AgentSettings;
import io.edgewise.agent.DeviceState;
import io.edgewise.agent.EdgeAgent;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.shell.HttpOrders;
import io.edgewise.agent.shell.KafkaUplink;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way of a reference set: signed by the server, answered by an agent as it is, counted, compared with the
/// build's first run, and told as due for retraining.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class ReferenceSetIT {
    private static final String JSON = "application/json";
    private static final String WORKLOAD = "referenced";
    private static final String BUILD = "referenced-int4";
    private static final int EXAMPLES = 200;
    private static final DeviceState CHARGING = new DeviceState(
            OptionalDouble.of(0.4), Optional.of(true), Optional.empty(), DeviceState.Thermal.NOMINAL, false);

    @TempDir
    private Path folder = Path.of("");

    private final Browser browser = new Browser();
    /// Runs are a day apart, a record is late after a day, and a clock may go a little ahead: between these.
    private final AtomicReference<Duration> ago = new AtomicReference<>(Duration.ofMinutes(24 * 60 - 2));
    private final AtomicInteger wrongEvery = new AtomicInteger(20);
    private final DeviceSecrets devices;
    private final SecretsFolder.Secrets secrets;
    private final Database database;
    private final InstantSource clock;
    private final String brokers;

    ReferenceSetIT(
            DeviceSecrets devices,
            SecretsFolder.Secrets secrets,
            Database database,
            InstantSource clock,
            @ConfigProperty(name = "edgewise.kafka.bootstrap-servers") String brokers) {
        this.devices = devices;
        this.secrets = secrets;
        this.database = database;
        this.clock = clock;
        this.brokers = brokers;
    }

    @Test
    void aBuildThatAnswersItsSetWorseThanAtFirstIsDueForRetraining() throws Exception {
        shadow();
        JsonNode view = json(post("/api/v1/references", set("yes")));
        assertThat(view.path("examples").asInt()).isEqualTo(EXAMPLES);
        Signed signed =
                Signed.parseFrom(Base64.getDecoder().decode(view.path("signed").asText()));
        String reference = view.path("reference").asText();

        try (KafkaUplink uplink = KafkaUplink.connect(brokers, Map.of());
                MinuteTimer timer = new MinuteTimer();
                EdgeAgent agent = EdgeAgent.open(settings(), ports(uplink, timer))) {
            agent.reference(signed);
            Await.until("the first run", () -> runs().equals(List.of(reference + " 190 of 200")));
            assertThat(due()).isEmpty();

            // A day later the same build answers otherwise: a driver was changed.
            wrongEvery.set(5);
            ago.set(Duration.ofMinutes(-3));
            Await.until("the build is due", () -> !due().isEmpty());
        }
        assertThat(runs()).containsExactly(reference + " 190 of 200", reference + " 160 of 200");
        assertThat(due())
                .singleElement()
                .asString()
                .startsWith(BUILD + ": accuracy on the reference holdout fell by 15.0 points");
        assertThat(browser.get("/api/v1/audit/export", operator()).body())
                .contains("reference-signed", view.path("sha256").asText());
    }

    @Test
    void aSetThatNoDeviceCouldUseIsNotSigned() {
        shadow();

        assertThat(refused(set("maybe")))
                .contains("examples[0].truth: \\\"maybe\\\"; examples[1]", "no label of workload referenced");
        assertThat(refused("{\"workload\": \"referenced\", \"name\": \"Golden\", \"examples\": []}"))
                .contains("name: 1 to 128 characters", "examples: 0 examples; 1 to 10000 can be");
        assertThat(refused("{\"workload\": \"referenced\", \"name\": \"golden\", \"examples\": [{\"text\": \"a\"}]}"))
                .contains("examples[0].truth: is empty");
        assertThat(refused("{\"workload\": \"referenced\", \"name\": \"golden\", \"examples\": [null]}"))
                .contains("examples[0] is null");
        put("/api/v1/workloads/spoken", "{\"kind\": \"GENERATION\"}");
        assertThat(refused(set("yes").replace(WORKLOAD, "spoken"))).contains("devices can say of labels alone");
        assertThat(post("/api/v1/references", set("yes").replace(WORKLOAD, "nobodys"))
                        .body())
                .contains("define it first");
    }

    private String refused(String body) {
        HttpResponse<String> answer = post("/api/v1/references", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        return answer.body();
    }

    private static String set(String truth) {
        String examples = IntStream.range(0, EXAMPLES)
                .mapToObj(i -> "{\"item\": \"i" + i + "\", \"text\": \"" + i + "\", \"truth\": \"" + truth + "\"}")
                .collect(Collectors.joining(","));
        return "{\"workload\": \"" + WORKLOAD + "\", \"name\": \"golden\", \"examples\": [" + examples + "]}";
    }

    /// A rollout in shadow: its challenger is what devices let answer the set.
    private void shadow() {
        put("/api/v1/workloads/" + WORKLOAD, "{\"labels\": [\"yes\", \"no\"]}");
        put(
                "/api/v1/builds/" + BUILD,
                "{\"workload\": \"referenced\", \"artifacts\": {\"any\": \"" + "d".repeat(64) + "\"}}");
        HttpResponse<String> started = post(
                "/api/v1/rollouts",
                "{\"workload\": \"referenced\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\":"
                        + " \"referenced-int4\", \"plan\": {\"stages\": [{\"shareBp\": 0}, {\"shareBp\": 10000}]}}");
        assertThat(started.statusCode()).as(started.body()).isIn(201, 409);
    }

    private AgentSettings settings() {
        return new AgentSettings(
                "default",
                "holder-1",
                devices.token("default", "holder-1"),
                devices.feedbackKey("default", "holder-1"),
                folder,
                new Workload(
                        WORKLOAD,
                        1,
                        Workload.Kind.CLASSIFICATION,
                        List.of("yes", "no"),
                        Set.of(),
                        "same-label/1",
                        "USD",
                        "1",
                        Map.of()),
                DeviceContext.newBuilder().setDeviceClass("kiosk").build(),
                Map.of(),
                "cloud",
                4);
    }

    private AgentPorts ports(KafkaUplink uplink, MinuteTimer timer) throws Exception {
        return new AgentPorts(
                Map.of(BUILD, new Wavering()),
                text -> {
                    throw new FrontierFailure("unreachable", "nobody asks it here");
                },
                uplink,
                new HttpOrders(HttpClient.newHttpClient(), Browser.base(), devices.token("default", "holder-1")),
                Keyring.of(secrets.signing().publicKey()),
                () -> Instant.ofEpochMilli(clock.millis()).minus(ago.get()),
                System::nanoTime,
                new SplittableRandom(7),
                timer,
                new AgentPorts.Extras(Optional.empty(), () -> CHARGING, Optional.empty(), Optional.empty()));
    }

    /// Answers every so many requests wrongly.
    private final class Wavering implements EdgeModel {
        @Override
        public ModelAnswer infer(String text) {
            return new ModelAnswer(Integer.parseInt(text) % wrongEvery.get() == 0 ? "no" : "yes", 0.9, 0.3, List.of());
        }

        @Override
        public String build() {
            return BUILD;
        }

        @Override
        public String artifactSha256() {
            return "d".repeat(64);
        }

        @Override
        public String runtime() {
            return "wavering";
        }

        @Override
        public String runtimeVersion() {
            return "1";
        }

        @Override
        public String executionProvider() {
            return "cpu";
        }

        @Override
        public void close() {}
    }

    /// Its minutes are shorter.
    private static final class MinuteTimer extends ScheduledThreadPoolExecutor {
        MinuteTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long every, TimeUnit unit) {
            return super.scheduleWithFixedDelay(task, 20, 20, TimeUnit.MILLISECONDS);
        }
    }

    private List<String> runs() throws SQLException {
        return database.read(sql -> sql.list(
                "SELECT reference || ' ' || correct || ' of ' || n FROM drift.published_holdout WHERE workload = ?"
                        + " ORDER BY number",
                row -> row.getString(1),
                WORKLOAD));
    }

    private List<String> due() throws SQLException {
        return database.read(sql -> sql.list(
                "SELECT build || ': ' || sentence FROM drift.published_retraining WHERE workload = ? AND reason ="
                        + " 'holdout'",
                row -> row.getString(1),
                WORKLOAD));
    }

    private void put(String path, String body) {
        HttpResponse<String> answer = browser.put(path, JSON, body.getBytes(StandardCharsets.UTF_8), operator());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private HttpResponse<String> post(String path, String body) {
        return browser.post(path, JSON, body.getBytes(StandardCharsets.UTF_8), operator());
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private Map<String, String> operator() {
        return Map.of("Authorization", "Bearer " + secrets.operatorToken());
    }
}
