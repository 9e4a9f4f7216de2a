// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.testkit.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

final class ReporterTest {
    private static final AgentSnapshot.Observed NOTHING = new AgentSnapshot.Observed(1, 0, 0, 0, 0);
    private static final AgentSnapshot SNAPSHOT = new AgentSnapshot(
            NOTHING,
            NOTHING,
            new AgentSnapshot.Obeyed(0, "none", 0, "", "", Map.of()),
            "closed",
            new AgentSnapshot.Totals(0, 0, 0, 0));

    private static int statuses(int ticks, DeviceState state) {
        List<byte[]> sent = new CopyOnWriteArrayList<>();
        Uplink uplink = (topic, key, record, schema) -> {
            sent.add(record);
            return CompletableFuture.completedFuture(null);
        };
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                Reporter reporter = new Reporter(
                        Fixture.settings(Path.of("unused")),
                        new Reporter.Road(uplink, timer, () -> Fixture.NOW),
                        new Reporter.Sources(() -> SNAPSHOT, () -> "", Map::of, () -> state))) {
            for (int i = 0; i < ticks; i++) {
                reporter.tick();
            }
            // Those before have been begun; this one comes whatever the device spares.
            reporter.report("opened");
            int expected = 1 + (state.isSparing() ? ticks / 6 : ticks);
            Await.until("the statuses", () -> sent.size() >= expected);
            return sent.size() - 1;
        }
    }

    @Test
    void aDeviceThatSparesItsNetworkTellsOfItselfAMinuteApart() {
        DeviceState metered = new DeviceState(
                OptionalDouble.empty(), Optional.empty(), Optional.of(true), DeviceState.Thermal.UNKNOWN, true);

        assertThat(statuses(12, DeviceState.UNKNOWN)).isEqualTo(12);
        assertThat(statuses(12, metered)).isEqualTo(2);
    }
}
