// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.EdgeAgent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A benchmark's result on its way to the server: the command leaves it in the agent's folder, and the agent tells it
/// once, when it starts, in a status event.
final class BenchReport {
    private static final String WAITING = "bench.json";
    private static final String TOLD = "bench-told.json";
    private static final long LARGEST = 64 * 1024;

    private BenchReport() {}

    static void keep(Path folder, String json) throws IOException {
        Files.createDirectories(folder);
        Path fresh = folder.resolve(WAITING + ".new");
        Files.writeString(fresh, json, StandardCharsets.UTF_8);
        Files.move(fresh, folder.resolve(WAITING), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void tell(EdgeAgent agent, Path folder) {
        Path waiting = folder.resolve(WAITING);
        try {
            if (Files.exists(waiting) && Files.size(waiting) <= LARGEST) {
                agent.report("bench", Files.readString(waiting));
                Files.move(waiting, folder.resolve(TOLD), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            System.getLogger(BenchReport.class.getName())
                    .log(System.Logger.Level.WARNING, "the benchmark's result cannot be told: {0}", e.toString());
        }
    }
}
