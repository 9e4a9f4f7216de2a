// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Whether this is an emulator of a device: its latencies say nothing of the device, so its observations
/// are marked and never evidence. A virtual machine on real processors is none.
final class Emulation {
    private static final List<Path> TELLING = List.of(
            Path.of("/proc/cpuinfo"),
            Path.of("/proc/device-tree/model"),
            Path.of("/system/build.prop"),
            Path.of("/proc/version"));
    private static final List<String> NAMES = List.of(
            "qemu tcg",
            "qemu virtual cpu",
            "goldfish",
            "ranchu",
            "sdk_gphone",
            "android sdk built for",
            "ro.kernel.qemu=1");
    private static final int LONGEST = 1 << 16;

    private Emulation() {}

    static boolean isHere() {
        return System.getenv("SIMULATOR_UDID") != null || TELLING.stream().anyMatch(Emulation::tells);
    }

    private static boolean tells(Path file) {
        try {
            if (!Files.isReadable(file)) {
                return false;
            }
            try (var in = Files.newInputStream(file)) {
                return names(new String(in.readNBytes(LONGEST), java.nio.charset.StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return false;
        }
    }

    static boolean names(String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        return NAMES.stream().anyMatch(lower::contains);
    }
}
