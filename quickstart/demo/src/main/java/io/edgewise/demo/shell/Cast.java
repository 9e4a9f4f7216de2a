// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.frontier.OpenAiFrontier;
import io.edgewise.agent.frontier.OpenAiSettings;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.agent.shell.KafkaUplink;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Workload;
import io.edgewise.demo.DemoOptions;
import io.edgewise.demo.DemoPlan;
import io.edgewise.demo.LatencyLaw;
import io.edgewise.demo.Scenario;
import io.edgewise.demo.shell.frontier.FrontierServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// Who plays: the models, the frontier's server, and what all devices share.
record Cast(
        List<String> labels,
        Map<String, EdgeModel> builds,
        FrontierServer frontier,
        String apiKey,
        ScheduledExecutorService timer) {
    static final String TENANT = "default";
    static final String FRONTIER = "frontier-intent";

    private static final String WORKLOAD = "voice-ivr-intent";
    private static final Duration FRONTIER_TIMEOUT = Duration.ofSeconds(30);

    static Cast load(Home home, DemoOptions options, Shutdown shutdown) throws DemoFailure {
        try {
            List<String> labels = home.labels();
            Map<String, EdgeModel> builds = new HashMap<>();
            // Both: a device may still be told of the build that an earlier demo approved.
            for (Scenario scenario : Scenario.values()) {
                OnnxClassifier model = home.model(scenario.challenger(), labels);
                builds.put(model.build(), shutdown.add(model.build(), model));
            }
            OnnxClassifier large = shutdown.add(FRONTIER, home.model(FRONTIER, labels));
            String apiKey = randomKey();
            FrontierServer frontier = shutdown.add(
                    "frontier",
                    FrontierServer.start(
                            large,
                            new FrontierServer.Settings(
                                    apiKey, options.temperature(), LatencyLaw.NETWORK, new SecureRandom().nextLong()),
                            InstantSource.system()));
            return new Cast(labels, Map.copyOf(builds), frontier, apiKey, timer(shutdown));
        } catch (IOException e) {
            throw new DemoFailure("the models cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static String randomKey() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return "demo-" + HexFormat.of().formatHex(random);
    }

    /// The workload as the server knows it at this version.
    Workload workload(int version) {
        return new Workload(
                WORKLOAD,
                version,
                Workload.Kind.CLASSIFICATION,
                labels,
                Set.of("oos"),
                "same-label/1",
                "USD",
                "demo-card-1",
                Map.of("edge", DemoPlan.EDGE_PRICE_NANOS, FRONTIER, DemoPlan.FRONTIER_PRICE_NANOS));
    }

    /// Opens the devices on this platform.
    Fleet fleet(DemoOptions options, Workload workload, Backstage backstage, DataFolder data, Shutdown shutdown)
            throws DemoFailure {
        ServerKeys keys = new ServerKeys(data.secrets());
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        try {
            KafkaUplink uplink = shutdown.add(
                    "uplink",
                    KafkaUplink.connect(backstage.kafka().bootstrapServers(), Map.of("client.id", "demo-fleet")));
            OpenAiSettings settings = new OpenAiSettings(
                    FRONTIER,
                    frontier.base(),
                    FRONTIER,
                    Optional.of(apiKey),
                    OpenAiSettings.instruction(workload),
                    FRONTIER_TIMEOUT);
            Fleet.Shared shared = new Fleet.Shared(
                    TENANT,
                    workload,
                    FRONTIER,
                    new OpenAiFrontier(settings, http, System::nanoTime),
                    builds,
                    uplink,
                    http,
                    backstage.console(),
                    new DeviceSecrets(keys.deviceSecret()),
                    keys.signingKey(),
                    timer);
            return shutdown.add("fleet", Fleet.open(options.devices(), data.devices(), shared));
        } catch (IOException e) {
            throw new DemoFailure("the server's secrets cannot be read: " + e.getMessage(), e);
        }
    }

    private static ScheduledExecutorService timer(Shutdown shutdown) {
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(
                1, Thread.ofPlatform().daemon().name("demo-timer-", 0).factory());
        AutoCloseable stop = timer::shutdownNow;
        shutdown.add("timer", stop);
        return timer;
    }

    /// The builds in the order of their names.
    List<EdgeModel> sortedBuilds() {
        List<EdgeModel> sorted = new ArrayList<>(builds.values());
        sorted.sort((a, b) -> a.build().compareTo(b.build()));
        return sorted;
    }
}
