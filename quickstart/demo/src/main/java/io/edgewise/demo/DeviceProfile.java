// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.util.List;
import java.util.Map;

/// A kind of simulated device. The names are what its observations are sliced by; the inference itself runs on this
/// machine's processor for every kind.
public record DeviceProfile(String deviceClass, String chipset, String os) {
    private static final List<DeviceProfile> KINDS = List.of(
            new DeviceProfile("phone-high", "snapdragon-8-gen-3", "android-16"),
            new DeviceProfile("phone-mid", "dimensity-7300", "android-15"),
            new DeviceProfile("kiosk", "intel-n100", "linux-6.12"),
            new DeviceProfile("smart-speaker", "rk3588", "linux-6.6"));

    /// Kinds alternate over the fleet.
    public static DeviceProfile of(int device) {
        return KINDS.get(Math.floorMod(device, KINDS.size()));
    }

    public Map<String, String> slices() {
        return Map.of("device_class", deviceClass, "chipset", chipset);
    }
}
