// SPDX-License-Identifier: Apache-2.0
package io.edgewise.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A PostgreSQL left behind by a program that was killed still holds its data folder. It is asked to stop before a new
/// one starts there.
final class OrphanedPostgres {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private OrphanedPostgres() {}

    static void stop(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> orphan = owner(pidFile, data);
        if (orphan.isPresent()) {
            stop(orphan.get());
            await(orphan.get(), data);
        }
        Files.deleteIfExists(pidFile);
    }

    /// An interrupt makes PostgreSQL end its connections and stop; a termination signal makes it wait for them.
    private static void stop(ProcessHandle process) throws IOException {
        if (Files.isExecutable(PostgresWatch.SHELL)) {
            new ProcessBuilder(PostgresWatch.SHELL.toString(), "-c", "kill -INT \"$0\"", Long.toString(process.pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } else {
            process.destroy();
        }
    }

    /// The running postgres of this data folder. Its number may have been given to another program since.
    private static Optional<ProcessHandle> owner(Path pidFile, Path data) throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")) {
            return Optional.empty();
        }
        String folder = data.toAbsolutePath().toString();
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.info()
                        .commandLine()
                        .map(line -> line.contains("postgres") && line.contains(folder))
                        .orElse(false));
    }

    private static void await(ProcessHandle process, Path data) throws IOException {
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "PostgreSQL (process " + process.pid() + ") still holds " + data
                            + " and does not stop; stop it by hand and start again",
                    e);
        } catch (ExecutionException e) {
            throw new IOException("cannot watch process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an old PostgreSQL stops", e);
        }
    }
}
