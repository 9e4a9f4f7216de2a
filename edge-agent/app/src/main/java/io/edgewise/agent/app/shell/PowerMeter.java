// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What the operating system tells of energy: RAPL's counter of the processor package, the battery, and
/// whether something feeds it. Most systems let only root read the first. The battery of a mouse or a
/// headset (`scope` Device) is not the device's.
record PowerMeter(Optional<Path> counter, Optional<Path> cell, List<Path> mains) {
    private static final String PERIPHERAL = "Device";

    /// Charging is absent where nobody tells.
    record Battery(double charge, Optional<Boolean> charging) {}

    static PowerMeter find(Path classes) {
        Path rapl = classes.resolve("powercap/intel-rapl:0/energy_uj");
        List<Path> own = SystemFile.children(classes.resolve("power_supply")).stream()
                .filter(supply ->
                        !SystemFile.text(supply.resolve("scope")).orElse("").equals(PERIPHERAL))
                .toList();
        return new PowerMeter(
                Files.isReadable(rapl) ? Optional.of(rapl) : Optional.empty(),
                own.stream()
                        .filter(supply -> Files.isReadable(supply.resolve("capacity")))
                        .findFirst(),
                own.stream()
                        .filter(supply -> Files.isReadable(supply.resolve("online")))
                        .toList());
    }

    OptionalLong microjoules() {
        return counter.map(SystemFile::number).orElse(OptionalLong.empty());
    }

    Optional<Battery> battery() {
        if (cell.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong percent = SystemFile.number(cell.get().resolve("capacity"));
        return percent.isEmpty() || percent.getAsLong() < 0 || percent.getAsLong() > 100
                ? Optional.empty()
                : Optional.of(new Battery(percent.getAsLong() / 100.0, charging(cell.get())));
    }

    /// How full the battery is, as finely as it is counted: in energy, else in charge.
    OptionalDouble fill() {
        return cell.map(battery -> {
                    OptionalDouble energy = share(battery, "energy");
                    return energy.isPresent() ? energy : share(battery, "charge");
                })
                .orElse(OptionalDouble.empty());
    }

    private static OptionalDouble share(Path battery, String unit) {
        OptionalLong now = SystemFile.number(battery.resolve(unit + "_now"));
        OptionalLong full = SystemFile.number(battery.resolve(unit + "_full"));
        return now.isPresent() && full.orElse(0) > 0
                ? OptionalDouble.of((double) now.getAsLong() / full.getAsLong())
                : OptionalDouble.empty();
    }

    /// Plugged in and held at 80 % is "Not charging", and drains nothing. Where the battery does not
    /// know, what feeds it may.
    private Optional<Boolean> charging(Path battery) {
        return switch (SystemFile.text(battery.resolve("status")).orElse("")) {
            case "Charging", "Full", "Not charging" -> Optional.of(true);
            case "Discharging" -> Optional.of(false);
            default ->
                mains.isEmpty()
                        ? Optional.empty()
                        : Optional.of(mains.stream()
                                .anyMatch(supply -> SystemFile.number(supply.resolve("online"))
                                                .orElse(0)
                                        > 0));
        };
    }
}
