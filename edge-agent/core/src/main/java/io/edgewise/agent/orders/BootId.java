// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Names the present run of the machine: within one, the monotonic clock goes on; over a boot it does not.
public final class BootId {
    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /// Empty where the operating system does not tell.
    public static String read() {
        try {
            return Files.readString(LINUX).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
