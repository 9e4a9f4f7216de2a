// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.contracts.StatusCounters;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.testkit.OrdersServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A sidecar that comes without models and fetches what its orders name from a real HTTP server.
class FetchedBuildsTest {
    private static final String FIRST = "edge-intent-int4";
    private static final String SECOND = "edge-intent-int8";

    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private OrdersServer ingest;

    @SuppressWarnings("NullAway.Init")
    private BuildServer builds;

    @BeforeEach
    void start() throws Exception {
        ingest = new OrdersServer();
        builds = new BuildServer();
    }

    @AfterEach
    void stop() {
        builds.close();
        ingest.close();
        http.close();
    }

    private Settings settings() throws Exception {
        return SettingsReader.read(
                "test",
                """
                device: kiosk-17
                folder: data
                http: {port: 0, drain: 1s}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {name: frontier-intent, url: "http://127.0.0.1:1", model: none}
                edge: {fetch: {url: "%s", quota: 64}}
                server: {url: "%s", token: t, feedback-key: 00112233, signing-key: %s}
                log: {level: error}
                """.formatted(Scene.HOME, builds.url(), ingest.url(), ingest.writeKey(folder)),
                Map.of(),
                folder);
    }

    private void order(String build) {
        var _ = ingest.order(Directive.newBuilder()
                .setTenant("default")
                .setWorkload(Scene.WORKLOAD)
                .setRollout("01K9ZZZZZZZZZZZZZZZZZZZZZZ")
                .setIssuedAtMs(System.currentTimeMillis())
                .setMode(Directive.Mode.MODE_APPROVED)
                .setSalt("salt")
                .setShareBp(10_000)
                .setChampion(ModelRef.newBuilder().setFrontier(Scene.FRONTIER))
                .setChallenger(ModelRef.newBuilder().setBuild(build)));
    }

    private HttpResponse<String> ask(Sidecar sidecar) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.port() + "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"m\", \"messages\": [{\"role\":"
                                + " \"user\", \"content\": \"how do i change my oil\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private boolean isServedBy(Sidecar sidecar, String build) {
        try {
            return ask(sidecar)
                    .headers()
                    .firstValue("X-Edgewise-Served-By")
                    .orElse("")
                    .equals(build);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean isTold(String event, String detail) {
        return ingest.statuses().stream()
                .anyMatch(status ->
                        status.getEvent().equals(event) && status.getDetail().contains(detail));
    }

    @Test
    void whatAnOrderNamesIsFetchedThroughBreaksAndServesOnceItIsProven() throws Exception {
        builds.publish(ingest, FIRST);
        long size = ModelManifest.load(Scene.HOME.resolve("models"), FIRST).bytes();
        builds.breaksAfter = Math.toIntExact(size / 2 + 1);
        try (Sidecar sidecar = Sidecar.start(settings())) {
            assertThat(ask(sidecar).statusCode()).as("nobody can answer yet").isEqualTo(503);
            order(FIRST);

            Scene.until(() -> isServedBy(sidecar, FIRST));
            assertThat(builds.beginnings).as("no byte came twice").containsExactly(0L, size / 2 + 1);
            Scene.until(() -> isTold("build-proven", FIRST));
            assertThat(sidecar.backend().build(FIRST)).isPresent();
            assertThat(models(sidecar)).contains("\"id\":\"" + FIRST + "\"");
        }
    }

    private String models(Sidecar sidecar) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.port() + "/v1/models"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void aFileThatIsNotWhatWasSignedIsRefusedAndTheWayBackNeedsNoDownload() throws Exception {
        builds.publish(ingest, FIRST);
        builds.publish(ingest, SECOND);
        builds.tamper(SECOND);
        try (Sidecar sidecar = Sidecar.start(settings())) {
            order(FIRST);
            Scene.until(() -> isServedBy(sidecar, FIRST));
            order(SECOND);

            Scene.until(() -> isTold("build-refused", "digest"));
            assertThat(sidecar.backend().build(SECOND)).isEmpty();
            builds.close();
            order(FIRST);
            Scene.until(() -> isServedBy(sidecar, FIRST));
        }
        // Nothing to fetch from, and a new process.
        try (Sidecar sidecar = Sidecar.start(settings())) {
            assertThat(isServedBy(sidecar, FIRST)).isTrue();
        }
    }

    @Test
    void aBuildThatTookTheAgentDownIsCountedInEveryStatus() throws Exception {
        builds.publish(ingest, FIRST);
        try (Sidecar sidecar = Sidecar.start(settings())) {
            order(FIRST);
            Scene.until(() -> isServedBy(sidecar, FIRST));
            assertThat(sidecar.backend().agent().counters()).containsEntry(StatusCounters.CHALLENGER_CRASHED, 0L);
        }
        // As it lies there when the process ends in the build's first calls.
        Files.writeString(folder.resolve("data/builds/starting"), FIRST);
        try (Sidecar sidecar = Sidecar.start(settings())) {
            assertThat(sidecar.backend().agent().counters()).containsEntry(StatusCounters.CHALLENGER_CRASHED, 1L);
            Scene.until(() -> isTold("challenger-crash", FIRST));
            Scene.until(
                    () -> ingest.statuses().getLast().getCountersOrDefault(StatusCounters.CHALLENGER_CRASHED, 0) == 1);
            assertThat(isServedBy(sidecar, FIRST)).as("once may be chance").isTrue();
        }
    }

    @Test
    void theDoctorAsksTheFileServerAndTriesWhatIsHereAndTheBenchmarkMeasuresIt() throws Exception {
        builds.publish(ingest, FIRST);
        assertThat(told("builds")).isEqualTo("OK " + builds.url() + " answers ");
        assertThat(told("models")).isEqualTo("OK none fetched yet: orders say which ");
        try (Sidecar sidecar = Sidecar.start(settings())) {
            order(FIRST);
            Scene.until(() -> isServedBy(sidecar, FIRST));
        }

        assertThat(told("model " + FIRST)).startsWith("OK onnxruntime ").contains(" on cpu answers (");
        Benchmark.Figures figures = new Benchmark(settings(), 50, folder).run().getFirst();
        assertThat(figures.build()).isEqualTo(FIRST);
        assertThat(figures.p50Us().getAsDouble()).isPositive();
        builds.refuses = true;
        assertThat(told("builds"))
                .isEqualTo("FAIL " + builds.url() + " answers 403 correct edge.fetch.url and edge.fetch.token");
        builds.close();
        assertThat(told("builds")).startsWith("FAIL").contains("does not answer");
        Files.writeString(folder.resolve("data/builds/" + FIRST + ".manifest"), "no manifest");
        assertThat(told("model " + FIRST)).startsWith("WARN ").contains("is damaged", "fetched again");
    }

    private String told(String what) throws Exception {
        return new Doctor(settings())
                .look().stream()
                        .filter(finding -> finding.what().equals(what))
                        .map(finding -> finding.state() + " " + finding.how() + " " + finding.act())
                        .findFirst()
                        .orElseThrow();
    }
}
