// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What the operating system tells of energy: RAPL's counter of the processor package, and the battery. Most systems
/// let
/// only root read the former.
record PowerMeter(Optional<Path> counter, Optional<Path> cell) {
    record Battery(double charge, boolean charging) {}

    static PowerMeter find(Path classes) {
        Path rapl = classes.resolve("powercap/intel-rapl:0/energy_uj");
        return new PowerMeter(
                Files.isReadable(rapl) ? Optional.of(rapl) : Optional.empty(),
                children(classes.resolve("power_supply")).stream()
                        .filter(supply -> Files.isReadable(supply.resolve("capacity")))
                        .findFirst());
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    OptionalLong microjoules() {
        return counter.map(PowerMeter::number).orElse(OptionalLong.empty());
    }

    Optional<Battery> battery() {
        if (cell.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong percent = number(cell.get().resolve("capacity"));
        boolean isCharging = text(cell.get().resolve("status"))
                .map(status -> status.equals("Charging") || status.equals("Full"))
                .orElse(false);
        return percent.isEmpty() || percent.getAsLong() < 0 || percent.getAsLong() > 100
                ? Optional.empty()
                : Optional.of(new Battery(percent.getAsLong() / 100.0, isCharging));
    }

    private static OptionalLong number(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(text(file).orElse("")));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
