// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Hybrid;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.testkit.OrdersServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The router's own ONNX build decides who is asked, before anybody is.
class RouterBuildTest {
    private static final Path DOMAINS = Scene.HOME.resolve("models/domains");
    private static final String ROUTER = "router: {build: router-intent, models: " + DOMAINS + "}";

    @TempDir
    private Path folder = Path.of("");

    private Settings settings(ChatServer frontier, OrdersServer ingest, String routing) throws Exception {
        return settings(frontier, ingest, routing, "");
    }

    private Settings settings(ChatServer frontier, OrdersServer ingest, String routing, String edge) throws Exception {
        return SettingsReader.read(
                "test",
                """
                device: kiosk-17
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "%s", model: large}
                edge: {models: %s/models, builds: [%s]%s}
                routing: {%s}
                server: {url: "%s", token: t, feedback-key: "0011", signing-key: %s}
                log: {level: warn}
                """.formatted(
                                Scene.HOME,
                                frontier.url(),
                                Scene.HOME,
                                Scene.BUILD,
                                edge,
                                routing,
                                ingest.url(),
                                ingest.writeKey(folder)),
                Map.of(),
                folder);
    }

    private Settings fetching(ChatServer frontier, OrdersServer ingest, BuildServer builds, int release)
            throws Exception {
        return settings(
                frontier,
                ingest,
                "router: {build: router-intent, release: " + release + "}",
                ", fetch: {url: \"" + builds.url() + "\"}");
    }

    private static ModelManifest released() throws Exception {
        return ModelManifest.load(DOMAINS, "router-intent");
    }

    private static void waitFor(OrdersServer ingest, String event, String detail) {
        Scene.until(() -> ingest.statuses().stream()
                .anyMatch(status ->
                        status.getEvent().equals(event) && status.getDetail().contains(detail)));
    }

    private static void ask(HttpClient http, Sidecar sidecar, String text) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.port() + "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"large\", \"messages\": [{\"role\":"
                                + " \"user\", \"content\": " + new ObjectMapper().writeValueAsString(text) + "}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void everyObservationCarriesItsBuildVersionAndScoreAndDoubtfulOnesAreTheChampions() throws Exception {
        try (OrdersServer ingest = new OrdersServer();
                ChatServer frontier = new ChatServer().says("translate");
                HttpClient http = HttpClient.newHttpClient();
                Sidecar sidecar = Sidecar.start(settings(frontier, ingest, ROUTER))) {
            decides(ingest, http, sidecar, "1.0.0");
        }
    }

    @Test
    void aReleaseOfItIsFetchedByItsManifestScoresOnceItIsProvenAndDoesSoWithoutANetworkAfterwards() throws Exception {
        try (OrdersServer ingest = new OrdersServer();
                ChatServer frontier = new ChatServer().says("translate");
                HttpClient http = HttpClient.newHttpClient();
                BuildServer builds = new BuildServer()) {
            Settings settings = fetching(frontier, ingest, builds, 2);
            assertThat(new Doctor(settings).look())
                    .contains(new Doctor.Finding(
                            "router router-intent",
                            Doctor.State.OK,
                            "not fetched yet: the agent asks for release 2 when it starts",
                            ""));
            builds.publish(ingest, released(), released().names(), 2);
            try (Sidecar sidecar = Sidecar.start(settings)) {
                waitFor(ingest, "build-proven", "router-intent");
                waitFor(ingest, "builds", Scene.BUILD);
                assertThat(sidecar.backend().builds()).as("it answers nobody").containsOnlyKeys(Scene.BUILD);
                decides(ingest, http, sidecar, "2");
            }
            builds.stop();
            assertThat(new Doctor(settings).look()).anySatisfy(finding -> {
                assertThat(finding.what()).isEqualTo("router router-intent");
                assertThat(finding.state()).isEqualTo(Doctor.State.OK);
                assertThat(finding.how()).startsWith("onnxruntime ");
            });
            int before = ingest.observations().size();
            try (Sidecar sidecar = Sidecar.start(settings)) {
                ask(http, sidecar, "cancel it");
                Scene.until(() -> ingest.observations().size() == before + 1);
                assertThat(ingest.observations().getLast().getRouter().getVersion())
                        .isEqualTo("2");
            }
        }
    }

    @Test
    void anotherReleaseThanTheSettingsNameIsRefusedAndThenNoScoreDecides() throws Exception {
        try (OrdersServer ingest = new OrdersServer();
                ChatServer frontier = new ChatServer().says("translate");
                HttpClient http = HttpClient.newHttpClient();
                BuildServer builds = new BuildServer()) {
            builds.publish(ingest, released(), released().names(), 2);
            try (Sidecar sidecar = Sidecar.start(fetching(frontier, ingest, builds, 3))) {
                waitFor(
                        ingest,
                        "build-refused",
                        "release-not-named: the manifest is refused: it is of release 2 of the router's build, and the"
                                + " settings name release 3");
                ask(http, sidecar, "cancel it");
                Scene.until(() -> ingest.observations().size() == 1);
                assertThat(ingest.observations().getFirst().hasRouter()).isFalse();
            }
        }
    }

    /// Asks what the released router was asked where it was made.
    private static void decides(OrdersServer ingest, HttpClient http, Sidecar sidecar, String version)
            throws Exception {
        JsonNode released =
                new ObjectMapper().readTree(DOMAINS.resolve("domains.json").toFile());
        List<String> texts = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (JsonNode golden : released.at("/router/golden")) {
            boolean isEdge = golden.path("label").asText().equals("edge");
            double confidence = golden.path("confidence").asDouble();
            texts.add(golden.path("text").asText());
            scores.add(isEdge ? confidence : 1 - confidence);
        }
        double threshold = scores.stream().sorted().toList().get(scores.size() / 2) - 1e-3;
        Scene.order(
                ingest,
                sidecar,
                Scene.directive(Scene.BUILD, Directive.Mode.MODE_CANARY)
                        .setChampion(ModelRef.newBuilder().setFrontier("frontier"))
                        .setHybrid(Hybrid.newBuilder()
                                .setEdgeShareBp(10_000)
                                .setConfidence(0)
                                .setRouterScore(threshold)));
        for (String text : texts) {
            ask(http, sidecar, text);
        }
        Scene.until(() -> ingest.observations().size() == texts.size());

        List<Observation> observations = ingest.observations();
        for (int i = 0; i < texts.size(); i++) {
            Observation observation = observations.get(i);
            assertThat(observation.getRouter().getBuild()).isEqualTo("router-intent");
            assertThat(observation.getRouter().getVersion()).isEqualTo(version);
            assertThat(observation.getRouter().getArtifactSha256())
                    .isEqualTo(released.at("/router/sha256").asText());
            assertThat(observation.getRouter().getScore()).isCloseTo(scores.get(i), within(1e-4));
            assertThat(observation.getRouter().getThreshold()).isEqualTo(threshold);
            boolean isDoubtful = scores.get(i) < threshold;
            assertThat(observation.getServed()).isEqualTo(isDoubtful ? Role.ROLE_CHAMPION : Role.ROLE_CHALLENGER);
            assertThat(observation.getEscalation()).isEqualTo(isDoubtful ? "router" : "");
            assertThat(observation.getFallbackReason()).isEqualTo(isDoubtful ? "escalated:router" : "");
        }
        assertThat(observations).extracting(Observation::getServed).contains(Role.ROLE_CHAMPION, Role.ROLE_CHALLENGER);
    }

    @Test
    void theDoctorLooksAtItAndWhatIsNoRouterIsRefusedInWords() throws Exception {
        try (OrdersServer ingest = new OrdersServer();
                ChatServer frontier = new ChatServer()) {
            assertThat(new Doctor(settings(frontier, ingest, ROUTER)).look()).anySatisfy(finding -> {
                assertThat(finding.what()).isEqualTo("router router-intent");
                assertThat(finding.state()).isEqualTo(Doctor.State.OK);
                assertThat(finding.how()).startsWith("onnxruntime ");
            });
            String other = "router: {build: " + Scene.BUILD + "}";
            assertThatThrownBy(() -> Sidecar.start(settings(frontier, ingest, other)))
                    .hasMessageContaining("a router's are \"edge\" and \"frontier\", listed in models.json");
            Path damaged = Files.createDirectory(folder.resolve("damaged"));
            Files.copy(DOMAINS.resolve("models.json"), damaged.resolve("models.json"));
            Files.write(damaged.resolve("router-intent.onnx"), new byte[] {1});
            String broken = "router: {build: router-intent, models: " + damaged + "}";
            assertThatThrownBy(() -> Sidecar.start(settings(frontier, ingest, broken)))
                    .hasMessageContaining("fetch it again");
        }
    }
}
