// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.testkit.OrdersServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {
    @TempDir
    private Path folder = Path.of("");

    private Settings settings(OrdersServer ingest) throws Exception {
        return SettingsReader.read(
                "test",
                """
                device: kiosk-17
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "http://127.0.0.1:1", model: none}
                edge: {models: %s/models, builds: [%s]}
                server: {url: "%s", token: t, feedback-key: "0011", signing-key: %s}
                log: {level: error}
                """.formatted(Scene.HOME, Scene.HOME, Scene.BUILD, ingest.url(), ingest.writeKey(folder)),
                Map.of(),
                folder);
    }

    private static List<AgentStatus> reports(OrdersServer ingest) {
        return ingest.statuses().stream()
                .filter(status -> status.getEvent().equals("bench"))
                .toList();
    }

    @Test
    void theNextStartTellsTheServerWhatWasMeasuredOnce() throws Exception {
        try (OrdersServer ingest = new OrdersServer()) {
            Settings settings = settings(ingest);
            Benchmark benchmark = new Benchmark(settings, 50, folder);
            String result = Benchmark.json(benchmark.run(), benchmark.battery());
            JsonNode model = new ObjectMapper().readTree(result).at("/models/0");
            assertThat(model.path("loadMs").asDouble()).isPositive();
            assertThat(model.path("requestsPerSecond").asDouble()).isPositive();
            assertThat(model.has("batteryPercentPer1000") || model.has("energyUjPerRequest"))
                    .isFalse();
            BenchReport.keep(settings.identity().folder(), result);

            try (Sidecar _ = Sidecar.start(settings)) {
                Scene.until(() -> !reports(ingest).isEmpty());
            }
            try (Sidecar _ = Sidecar.start(settings)) {
                Scene.until(() -> ingest.statuses().stream()
                                .filter(status -> status.getEvent().equals("opened"))
                                .count()
                        >= 2);
            }

            assertThat(reports(ingest))
                    .singleElement()
                    .satisfies(status -> assertThat(status.getReport()).isEqualTo(result));
        }
    }

    @Test
    void theDrainIsCountedInEnergyElseInChargeAndAbsentWhereItIsNotCounted() throws Exception {
        Path cell = Files.createDirectories(folder.resolve("power_supply/BAT0"));
        Files.writeString(cell.resolve("capacity"), "81\n");
        assertThat(PowerMeter.find(folder).fill()).isEmpty();
        Files.writeString(cell.resolve("charge_full"), "4000000\n");
        Files.writeString(cell.resolve("charge_now"), "3000000\n");
        assertThat(PowerMeter.find(folder).fill()).hasValue(0.75);
        Files.writeString(cell.resolve("energy_full"), "50000000\n");
        Files.writeString(cell.resolve("energy_now"), "40000000\n");
        assertThat(PowerMeter.find(folder).fill()).hasValue(0.8);

        assertThat(Benchmark.drain(5_000, OptionalDouble.of(0.8), OptionalDouble.of(0.799))
                        .orElseThrow())
                .isCloseTo(0.02, within(1e-9));
        assertThat(Benchmark.drain(5_000, OptionalDouble.of(0.8), OptionalDouble.of(0.8)))
                .isEmpty();
        assertThat(Benchmark.drain(5_000, OptionalDouble.of(0.8), OptionalDouble.of(0.9)))
                .isEmpty();
        assertThat(Benchmark.drain(5_000, OptionalDouble.empty(), OptionalDouble.of(0.9)))
                .isEmpty();
    }
}
