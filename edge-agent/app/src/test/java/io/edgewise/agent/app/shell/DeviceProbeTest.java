// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.DeviceState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceProbeTest {
    @TempDir
    private Path classes = Path.of("");

    private final AtomicLong now = new AtomicLong();

    @Test
    void theBatteryIsLookedAtOnceASecondAtMost() throws Exception {
        Path cell = Files.createDirectories(classes.resolve("power_supply/BAT0"));
        Files.writeString(cell.resolve("capacity"), "12\n");
        Files.writeString(cell.resolve("status"), "Discharging\n");
        DeviceProbe probe = new DeviceProbe(classes, now::get);

        assertThat(probe.get().battery()).hasValue(0.12);
        assertThat(probe.get().isBelow(0.2)).isTrue();
        Files.writeString(cell.resolve("capacity"), "80\n");
        now.set(999_999_999);
        assertThat(probe.get().battery()).hasValue(0.12);
        now.set(1_000_000_000);
        assertThat(probe.get().battery()).hasValue(0.80);
    }

    @Test
    void whatNobodyTellsIsUnknown() {
        assertThat(new DeviceProbe(classes, now::get).get()).isEqualTo(DeviceState.UNKNOWN);
    }
}
