// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;
import java.util.OptionalDouble;

/// How the device is doing, as far as it tells. Unknown is absent, never a number. `battery` is the charge in [0, 1];
/// `idle` says whether nobody would miss what a reference run takes.
public record DeviceState(
        OptionalDouble battery, Optional<Boolean> charging, Optional<Boolean> metered, Thermal thermal, boolean idle) {
    public static final DeviceState UNKNOWN =
            new DeviceState(OptionalDouble.empty(), Optional.empty(), Optional.empty(), Thermal.UNKNOWN, true);

    private static final double NEARLY_EMPTY = 0.15;

    /// As operating systems grade it.
    public enum Thermal {
        UNKNOWN(""),
        NOMINAL("nominal"),
        FAIR("fair"),
        SERIOUS("serious"),
        CRITICAL("critical");

        private final String word;

        Thermal(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public DeviceState {
        if (battery.isPresent() && !(battery.getAsDouble() >= 0 && battery.getAsDouble() <= 1)) {
            throw new IllegalArgumentException("battery " + battery.getAsDouble()
                    + " is not a charge from 0 to 1; leave it out when it is unknown");
        }
    }

    /// Whether it runs on a battery that is below this charge.
    public boolean isBelow(double charge) {
        return battery.isPresent() && battery.getAsDouble() < charge && !charging.orElse(false);
    }

    /// Whether sending should wait: the network costs by the byte, or the battery is nearly empty.
    public boolean isSparing() {
        return metered.orElse(false) || isBelow(NEARLY_EMPTY);
    }

    public boolean isHot() {
        return thermal.compareTo(Thermal.SERIOUS) >= 0;
    }
}
