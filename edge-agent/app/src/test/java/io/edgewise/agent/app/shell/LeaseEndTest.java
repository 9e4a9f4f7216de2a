// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.testkit.OrdersServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The network is gone, orders' server and frontier with it, and the lease of a canary runs out: from then
/// on the build that was last approved answers.
class LeaseEndTest {
    private static final String TRIED = "edge-intent-int4";
    private static final String APPROVED = "edge-intent-int8";
    private static final long START_MS = 1_790_000_000_000L;

    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private OrdersServer signer;

    @BeforeEach
    void start() throws Exception {
        signer = new OrdersServer();
    }

    @AfterEach
    void stop() {
        signer.close();
        http.close();
    }

    private Settings settings(int port) throws Exception {
        return SettingsReader.read(
                "test",
                """
                device: kiosk-17
                folder: data
                http: {port: 0, drain: 100ms}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {name: frontier-intent, url: "http://127.0.0.1:1", model: none}
                edge: {models: %s/models, builds: [%s, %s]}
                server: {url: "http://127.0.0.1:%d", token: t, feedback-key: "0011", signing-key: %s}
                log: {level: error}
                """.formatted(Scene.HOME, Scene.HOME, APPROVED, TRIED, port, signer.writeKey(folder)),
                Map.of(),
                folder);
    }

    private static Directive.Builder canary(long revision) {
        return Scene.directive(TRIED, Mode.MODE_CANARY)
                .setRevision(revision)
                .setLeased(true)
                .setApprovedBuild(APPROVED)
                .setPairingCanaryBp(0);
    }

    private HttpResponse<String> ask(Sidecar sidecar) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.port() + "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"m\", \"messages\": [{\"role\":"
                                + " \"user\", \"content\": \"how do i change my oil\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String servedBy(Sidecar sidecar) throws Exception {
        return ask(sidecar).headers().firstValue("X-Edgewise-Served-By").orElse("nobody");
    }

    private void waitFor(Sidecar sidecar, String build) {
        Scene.until(() -> {
            try {
                return servedBy(sidecar).equals(build);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void fromTheVeryEndOfTheLeaseOnTheApprovedBuildAnswersAlsoAfterARestart() throws Exception {
        AtomicLong passedMs = new AtomicLong();
        AtomicLong jumpedMs = new AtomicLong();
        InstantSource clock = () -> Instant.ofEpochMilli(START_MS + passedMs.get() + jumpedMs.get());
        Backend.Senses senses = new Backend.Senses(
                folder.resolve("system"), clock, () -> TimeUnit.MILLISECONDS.toNanos(passedMs.get()));
        Duration lease = Duration.ofMinutes(15);
        long end = lease.toMillis();
        try (LeasingServer server = new LeasingServer(signer, clock, lease)) {
            server.order(canary(1));
            Settings settings = settings(server.port());
            try (Sidecar sidecar = Sidecar.start(Backend.open(settings, senses))) {
                waitFor(sidecar, TRIED);
                server.stop();
                for (long at : new long[] {1, 60_000, end / 2, end - 1}) {
                    passedMs.set(at);
                    assertThat(servedBy(sidecar)).as("%s ms after the cut", at).isEqualTo(TRIED);
                }
                for (long at = end; at <= end + 10_000; at += 500) {
                    passedMs.set(at);
                    HttpResponse<String> answer = ask(sidecar);
                    assertThat(answer.statusCode()).isEqualTo(200);
                    assertThat(answer.headers().firstValue("X-Edgewise-Served-By"))
                            .as("%s ms after the lease ended", at - end)
                            .hasValue(APPROVED);
                    assertThat(answer.headers().firstValue("X-Edgewise-Reason")).hasValue("lease-expired");
                }
            }
            try (Sidecar again = Sidecar.start(Backend.open(settings, senses))) {
                assertThat(servedBy(again)).isEqualTo(APPROVED);
                jumpedMs.set(-end);
                assertThat(servedBy(again))
                        .as("the wall clock goes back to when it began")
                        .isEqualTo(APPROVED);
            }
        }
    }

    @Test
    @Tag("slow")
    void itIsSoInFiftyLeasesByTheRealClockWhenTheCableIsPulledOutAndPutInAgain() throws Exception {
        int answers = 0;
        try (LeasingServer server = new LeasingServer(signer, InstantSource.system(), Duration.ofSeconds(1));
                Cable cable = Cable.to(server.port())) {
            server.order(canary(1));
            try (Sidecar sidecar = Sidecar.start(settings(cable.port()))) {
                for (int run = 1; run <= 50; run++) {
                    server.order(canary(run));
                    cable.putIn();
                    waitFor(sidecar, TRIED);
                    cable.pullOut();
                    long end = server.latestEndMs();
                    long askedAt = System.currentTimeMillis();
                    while (askedAt < end + 300) {
                        String servedBy = servedBy(sidecar);
                        if (askedAt >= end) {
                            answers++;
                            assertThat(servedBy)
                                    .as("run %s, %s ms after", run, askedAt - end)
                                    .isEqualTo(APPROVED);
                        }
                        askedAt = System.currentTimeMillis();
                    }
                }
            }
        }
        assertThat(answers).as("answers after the end of a lease").isGreaterThanOrEqualTo(50);
    }
}
