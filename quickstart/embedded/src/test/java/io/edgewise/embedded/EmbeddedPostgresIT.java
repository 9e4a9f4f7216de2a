// SPDX-License-Identifier: Apache-2.0
package io.edgewise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    private static final long LIMIT_SECONDS = 60;
    private static final String STARTED = "PostgreSQL is process ";

    /// A program of its own, to be killed.
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
                    Connection connection = postgres.dataSource().getConnection()) {
                connection.setReadOnly(true);
                System.out.println(STARTED + postmaster(folder));
                System.in.read();
            }
        }
    }

    @Test
    void stopsWhenItsProgramIsKilledAndStartsAgainOnTheSameData(@TempDir Path folder) throws Exception {
        ProcessHandle postmaster = killVictim(folder);

        postmaster.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
                Connection connection = postgres.dataSource().getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
        }
        assertThat(runningOn(folder)).isEmpty();
        assertThat(folder.resolve("postgresql/postmaster.pid")).doesNotExist();
    }

    private static ProcessHandle killVictim(Path folder) throws Exception {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = victim.inputReader()) {
            StringBuilder said = new StringBuilder();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(STARTED)) {
                    return ProcessHandle.of(Long.parseLong(line.substring(STARTED.length())))
                            .orElseThrow();
                }
                said.append(line).append('\n');
            }
            throw new AssertionError("PostgreSQL did not start:\n" + said);
        } finally {
            victim.destroyForcibly().waitFor();
        }
    }

    private static long postmaster(Path folder) throws Exception {
        return Long.parseLong(Files.readAllLines(folder.resolve("postgresql/postmaster.pid"))
                .getFirst()
                .strip());
    }

    private static List<String> runningOn(Path folder) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }
}
