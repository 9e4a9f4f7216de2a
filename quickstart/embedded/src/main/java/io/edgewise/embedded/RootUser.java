// SPDX-License-Identifier: Apache-2.0
package io.edgewise.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

/// PostgreSQL refuses to run as root. In a user name space of its own it is nobody, but some systems and containers
/// forbid those.
final class RootUser {
    private static final String ALLOWED = "[ \"$(id -u)\" != 0 ] || unshare -U true";
    private static final long PATIENCE_SECONDS = 10;

    private RootUser() {}

    static void check() throws IOException {
        check(ALLOWED);
    }

    /// Fails with the cause when this shell command does.
    static void check(String command) throws IOException {
        if (!Files.isExecutable(PostgresWatch.SHELL)) {
            return;
        }
        Process process = new ProcessBuilder(PostgresWatch.SHELL.toString(), "-c", command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            } else if (process.exitValue() != 0) {
                throw new IOException(
                        "PostgreSQL does not run as root, and this system forbids root the user name space"
                                + " that would help (\"unshare -U true\" fails); run this as an ordinary user, or allow user"
                                + " name spaces (in a container for example by --security-opt seccomp=unconfined)");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL was about to start", e);
        }
    }
}
