// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.DeviceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceProbeTest {
    @TempDir
    private Path classes = Path.of("");

    private final AtomicLong now = new AtomicLong();

    private DeviceProbe probe() {
        return new DeviceProbe(classes, Optional.empty(), now::get);
    }

    private void write(String file, String content) throws IOException {
        Path path = classes.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content + "\n");
    }

    private void battery(String name, String percent, String status) throws IOException {
        write("power_supply/" + name + "/capacity", percent);
        write("power_supply/" + name + "/status", status);
    }

    private void zone(String name, String temp, String... trips) throws IOException {
        write("thermal/" + name + "/temp", temp);
        for (int i = 0; i < trips.length; i++) {
            String[] trip = trips[i].split("=", -1);
            write("thermal/" + name + "/trip_point_" + i + "_type", trip[0]);
            write("thermal/" + name + "/trip_point_" + i + "_temp", trip[1]);
        }
    }

    @Test
    void theBatteryIsLookedAtOnceASecondAtMost() throws Exception {
        battery("BAT0", "12", "Discharging");
        DeviceProbe probe = probe();

        assertThat(probe.get().battery()).hasValue(0.12);
        assertThat(probe.get().isBelow(0.2)).isTrue();
        battery("BAT0", "80", "Discharging");
        now.set(999_999_999);
        assertThat(probe.get().battery()).hasValue(0.12);
        now.set(1_000_000_000);
        assertThat(probe.get().battery()).hasValue(0.80);
    }

    @Test
    void whatNobodyTellsIsUnknown() {
        assertThat(probe().get()).isEqualTo(DeviceState.UNKNOWN);
    }

    @Test
    void theBatteryOfAMouseIsNotTheDevices() throws Exception {
        battery("A-hidpp_battery_0", "5", "Discharging");
        write("power_supply/A-hidpp_battery_0/scope", "Device");
        assertThat(probe().get().battery()).isEmpty();

        battery("BAT0", "70", "Discharging");
        write("power_supply/BAT0/scope", "System");
        assertThat(probe().get().battery()).hasValue(0.7);
    }

    @ParameterizedTest
    @CsvSource({
        "Charging,,true",
        "Full,,true",
        "Not charging,,true",
        "Discharging,1,false",
        "Unknown,1,true",
        "Unknown,0,false",
        "Unknown,,",
    })
    void whatIsPluggedInDoesNotDrain(String status, String online, Boolean isCharging) throws Exception {
        battery("BAT0", "15", status);
        if (online != null) {
            write("power_supply/AC/online", online);
        }

        DeviceState state = probe().get();
        assertThat(state.charging()).isEqualTo(Optional.ofNullable(isCharging));
        assertThat(state.isBelow(0.2)).isEqualTo(!Boolean.TRUE.equals(isCharging));
    }

    @ParameterizedTest
    @CsvSource({
        "40000,NOMINAL",
        "84999,NOMINAL",
        "85000,FAIR",
        "89999,FAIR",
        "90000,SERIOUS",
        "99999,SERIOUS",
        "100000,CRITICAL",
    })
    void theHeatIsGradedByWhatTheKernelDoesAboutIt(String temp, DeviceState.Thermal thermal) throws Exception {
        zone("thermal_zone0", temp, "critical=100000", "active=50000", "passive=90000");

        assertThat(probe().get().thermal()).isEqualTo(thermal);
        assertThat(probe().get().isHot()).isEqualTo(thermal.compareTo(DeviceState.Thermal.SERIOUS) >= 0);
    }

    @Test
    void aZoneThatSaysNothingOfUseMakesNoHeatAndTheHottestCounts() throws Exception {
        zone("thermal_zone0", "95000", "active=50000", "passive=0", "critical=-274000");
        zone("thermal_zone1", "-1000", "critical=100000");
        zone("thermal_zone2", "20000");
        assertThat(probe().get().thermal()).isEqualTo(DeviceState.Thermal.UNKNOWN);

        zone("thermal_zone3", "45000", "critical=100000");
        zone("thermal_zone4", "96000", "passive=95000");
        assertThat(probe().get().thermal()).isEqualTo(DeviceState.Thermal.SERIOUS);
    }

    @Test
    void theSettingsSayWhetherTheNetworkIsMetered() {
        DeviceState state = new DeviceProbe(classes, Optional.of(true), now::get).get();

        assertThat(state.metered()).hasValue(true);
        assertThat(state.battery()).isEmpty();
    }
}
