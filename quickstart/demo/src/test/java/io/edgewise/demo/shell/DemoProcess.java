// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A demo as the launcher starts it, with its output in a file.
final class DemoProcess implements AutoCloseable {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;

    private DemoProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static DemoProcess start(Path folder, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-Djava.util.logging.config.file=src/main/logging.properties",
                "-cp",
                System.getProperty("java.class.path"),
                "io.edgewise.demo.shell.Main",
                "--headless",
                "--port",
                "18080",
                "--data",
                folder.toString()));
        command.addAll(List.of(options));
        Path log = Files.createTempFile("edgewise-demo", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new DemoProcess(process, log);
    }

    void awaitLine(Pattern pattern, Duration limit) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!pattern.matcher(output()).find()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("\"" + pattern + "\" was never said:\n" + output());
            }
            Thread.sleep(100);
        }
    }

    void awaitEnd(Duration limit) throws Exception {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the demo did not end within " + limit + ":\n" + output());
        }
    }

    /// As Ctrl-C does.
    void interrupt() {
        process.destroy();
    }

    int status() {
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(log);
    }
}
