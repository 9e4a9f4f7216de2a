// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.demo.LatencyLaw;
import io.edgewise.demo.shell.frontier.FrontierServer;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.OrdersServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A device with everything real around it: the ONNX builds of this repository, the frontier's server with its large
/// model, ingest's orders, and the sidecar itself, set up by a file as an operator writes it.
final class Scene implements AutoCloseable {
    static final Path HOME = Path.of("..", "..").toAbsolutePath().normalize();
    static final String WORKLOAD = "voice-ivr-intent";
    static final String BUILD = "edge-intent-int4";
    static final String FRONTIER = "frontier-intent";
    static final String KEY = "the-frontiers-key";

    private final OnnxClassifier large;
    private final FrontierServer frontier;
    private final OrdersServer ingest;
    private final Sidecar sidecar;

    Scene(Path folder, String more) throws Exception {
        this(folder, more, Optional.empty());
    }

    /// With another frontier than the real one.
    Scene(Path folder, String more, Optional<URI> other) throws Exception {
        this.large = model(FRONTIER);
        this.frontier = FrontierServer.start(
                large, new FrontierServer.Settings(KEY, 0, new LatencyLaw(1, 1), 1), InstantSource.system());
        this.ingest = new OrdersServer();
        this.sidecar = Sidecar.start(settings(folder, other.orElse(frontier.base()), more));
    }

    static OnnxClassifier model(String build) throws Exception {
        return OnnxClassifier.open(
                ModelManifest.load(HOME.resolve("models"), build),
                Labels.load(HOME.resolve("data/clinc150/labels.json")));
    }

    Settings settings(Path folder, URI frontierUrl, String more) throws Exception {
        String yaml = """
                device: kiosk-17
                folder: data
                consent: granted
                http: {port: 0%s}
                workload:
                  name: voice-ivr-intent
                  labels-file: %s/data/clinc150/labels.json
                  refusal-labels: [oos]
                frontier:
                  name: frontier-intent
                  url: %s
                  model: frontier-intent
                edge:
                  models: %s/models
                  builds: [edge-intent-fp32, edge-intent-int8, edge-intent-int4]
                server:
                  url: %s
                  token: device-token
                  feedback-key: 00112233
                  signing-key: %s
                log: {level: warn}
                %s
                %s
                """.formatted(
                        more.startsWith(",") ? more : "",
                        HOME,
                        frontierUrl,
                        HOME,
                        ingest.url(),
                        ingest.writeKey(folder),
                        more.startsWith(",") ? "" : more,
                        more.contains("privacy:") ? "" : "privacy: {pass-through: true}");
        return SettingsReader.read("test", yaml, Map.of(), folder);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + sidecar.port());
    }

    URI frontierUrl() {
        return frontier.base();
    }

    Sidecar sidecar() {
        return sidecar;
    }

    /// Waits until the agent obeys.
    void order(String build, Directive.Mode mode) {
        order(ingest, sidecar, directive(build, mode));
    }

    /// Waits until the agent obeys.
    static void order(OrdersServer ingest, Sidecar sidecar, Directive.Builder directive) {
        long revision = ingest.order(directive);
        until(() -> sidecar.backend().agent().snapshot().revision() == revision);
    }

    /// Everybody is canary, and all is paired.
    static Directive.Builder directive(String build, Directive.Mode mode) {
        return Directive.newBuilder()
                .setTenant("default")
                .setWorkload(WORKLOAD)
                .setRollout("01K9ZZZZZZZZZZZZZZZZZZZZZZ")
                .setIssuedAtMs(System.currentTimeMillis())
                .setMode(mode)
                .setSalt("salt")
                .setShareBp(10_000)
                .setChampion(ModelRef.newBuilder().setFrontier(FRONTIER))
                .setChallenger(ModelRef.newBuilder().setBuild(build))
                .setPairingCanaryBp(10_000)
                .setPairingControlBp(10_000);
    }

    static void until(BooleanSupplier condition) {
        Await.until("what the agent should do", condition::getAsBoolean);
    }

    static List<String> builds() {
        return List.of("edge-intent-fp32", "edge-intent-int8", "edge-intent-int4");
    }

    @Override
    public void close() {
        sidecar.close();
        ingest.close();
        frontier.close();
        large.close();
    }
}
