// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What a process, or a folder, takes of the machine.
final class Taken {
    private Taken() {}

    static long cpuMicros(Process process) {
        return TimeUnit.NANOSECONDS.toMicros(
                process.toHandle().info().totalCpuDuration().orElseThrow().toNanos());
    }

    /// Bytes of memory, by a line of the process's status: `VmRSS:` is all that is resident.
    static long resident(Process process, String line) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(each -> each.startsWith(line))
                .mapToLong(each -> Long.parseLong(each.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    static double size(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
