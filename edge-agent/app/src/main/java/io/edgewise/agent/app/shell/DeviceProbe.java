// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.DeviceState;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How the device is doing, as Linux tells it: the battery. What nobody tells is unknown. A look costs two small reads;
/// it is taken at most once a second, however many requests ask.
final class DeviceProbe implements Supplier<DeviceState> {
    private static final long KEPT_NANOS = 1_000_000_000L;

    private final PowerMeter meter;
    private final LongSupplier nanoTime;
    private volatile @Nullable Look last;

    private record Look(DeviceState state, long nanos) {}

    DeviceProbe(Path classes, LongSupplier nanoTime) {
        this.meter = PowerMeter.find(classes);
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
        return battery.map(cell -> new DeviceState(
                        OptionalDouble.of(cell.charge()),
                        Optional.of(cell.charging()),
                        Optional.empty(),
                        DeviceState.Thermal.UNKNOWN,
                        true))
                .orElse(DeviceState.UNKNOWN);
    }
}
