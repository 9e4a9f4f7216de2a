// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.DeviceState;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How the device is doing, as Linux tells it: the battery, and the heat; whether its network is metered,
/// as the settings say. What nobody tells is unknown. A look costs a few small reads; it is taken at most
/// once a second, however many requests ask.
final class DeviceProbe implements Supplier<DeviceState> {
    private static final long KEPT_NANOS = 1_000_000_000L;

    private final PowerMeter meter;
    private final Thermometer thermometer;
    private final Optional<Boolean> metered;
    private final LongSupplier nanoTime;
    private volatile @Nullable Look last;

    private record Look(DeviceState state, long nanos) {}

    DeviceProbe(Path classes, Optional<Boolean> metered, LongSupplier nanoTime) {
        this.meter = PowerMeter.find(classes);
        this.thermometer = Thermometer.find(classes);
        this.metered = metered;
        this.nanoTime = nanoTime;
    }

    @Override
    public DeviceState get() {
        long now = nanoTime.getAsLong();
        Look known = last;
        if (known == null || now - known.nanos() >= KEPT_NANOS) {
            known = new Look(look(), now);
            last = known;
        }
        return known.state();
    }

    private DeviceState look() {
        Optional<PowerMeter.Battery> battery = meter.battery();
        return new DeviceState(
                battery.map(cell -> OptionalDouble.of(cell.charge())).orElse(OptionalDouble.empty()),
                battery.flatMap(PowerMeter.Battery::charging),
                metered,
                thermometer.read(),
                true);
    }
}
