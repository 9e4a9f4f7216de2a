// SPDX-License-Identifier: Apache-2.0
package io.edgewise.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Stops PostgreSQL when this program dies without having done so, even by a kill that no program hears. A tiny child
/// process reads its standard input, which ends exactly when this program does.
final class PostgresWatch implements AutoCloseable {
    static final Path SHELL = Path.of("/bin/sh");

    /// Ctrl-C in a terminal reaches the watch too; it goes on until the program is gone. The number in the file may
    /// have
    /// been given to another program since, so the command has to name the data folder, as far as `ps` can tell.
    private static final String SCRIPT = """
            trap '' INT HUP
            cat >/dev/null
            pid=$(head -n 1 "$0/postmaster.pid" 2>/dev/null)
            case $pid in '' | *[!0-9]*) exit 0 ;; esac
            command=$(ps -ww -o args= -p "$pid" 2>/dev/null)
            case $command in '' | *"$0"*) kill -INT "$pid" 2>/dev/null ;; esac
            """;

    private static final long ENDS_WITHIN_SECONDS = 5;

    private final Optional<Process> process;

    private PostgresWatch(Optional<Process> process) {
        this.process = process;
    }

    /// Watches over this data folder, where there is a shell to do it.
    static PostgresWatch over(Path data) throws IOException {
        if (!Files.isExecutable(SHELL)) {
            return new PostgresWatch(Optional.empty());
        }
        return new PostgresWatch(
                Optional.of(new ProcessBuilder(List.of(SHELL.toString(), "-c", SCRIPT, data.toString()))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()));
    }

    /// To be called when PostgreSQL has stopped; one that still runs is stopped now.
    @Override
    public void close() throws IOException {
        if (process.isEmpty()) {
            return;
        }
        Process watch = process.get();
        watch.getOutputStream().close();
        try {
            if (!watch.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                watch.destroyForcibly();
            }
        } catch (InterruptedException e) {
            watch.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
