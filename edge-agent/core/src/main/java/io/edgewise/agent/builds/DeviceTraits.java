// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a device is, as artifacts ask for it. `providers` are its execution providers, the wanted first;
/// `runtimes` the versions of the runtimes that are here; `driver` names the accelerator's driver and its
/// version, where there is one.
public record DeviceTraits(
        Os os,
        String chipset,
        long ramBytes,
        Map<String, String> runtimes,
        List<String> providers,
        Set<String> entitlements,
        String driver) {
    /// "linux", "mac", "windows" or "android"; its version; "x64" or "arm64".
    public record Os(String name, String version, String arch) {}

    public DeviceTraits {
        runtimes = Map.copyOf(runtimes);
        providers = List.copyOf(providers);
        entitlements = Set.copyOf(entitlements);
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("a device has at least one execution provider; write cpu");
        }
    }

    /// This machine, with these runtimes and providers.
    public static DeviceTraits here(Map<String, String> runtimes, List<String> providers) {
        return new DeviceTraits(
                new Os(
                        os(System.getProperty("os.name", "")),
                        System.getProperty("os.version", ""),
                        arch(System.getProperty("os.arch", ""))),
                "",
                ram(),
                runtimes,
                providers,
                Set.of(),
                "");
    }

    private static String os(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("mac")) {
            return "mac";
        }
        return lower.startsWith("windows") ? "windows" : lower;
    }

    private static String arch(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }

    private static long ram() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }
}
