// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The server as a child process, started again when it dies. It ends when this process does: it watches its standard
/// input. Ctrl-C in a terminal reaches every process there; the server leaves it to us, so that it stops after the
/// fleet.
final class ServerProcess implements AutoCloseable {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(6);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration HEALTHY_AFTER = Duration.ofSeconds(20);
    private static final int MOST_EARLY_ENDS = 3;
    private static final Path SHELL = Path.of("/bin/sh");

    private final Launch launch;
    private final Consumer<String> say;
    private final Thread supervisor;
    private volatile Process process;
    private volatile boolean stopping;
    private volatile boolean givenUp;

    /// What to start and where its traces go. `properties` are system properties of the server.
    record Launch(Path jar, Path folder, Path log, Path pidFile, Map<String, String> properties) {
        Launch {
            properties = Map.copyOf(properties);
        }
    }

    private ServerProcess(Launch launch, Consumer<String> say, Process process) {
        this.launch = launch;
        this.say = say;
        this.process = process;
        this.supervisor = Thread.ofPlatform().name("server-supervisor").daemon().unstarted(this::supervise);
    }

    static ServerProcess start(Launch launch, Consumer<String> say) throws IOException {
        ServerProcess server = new ServerProcess(launch, say, spawn(launch));
        server.supervisor.start();
        return server;
    }

    /// It died again and again; the log says why.
    boolean isGivenUp() {
        return givenUp;
    }

    /// The end of the server's log, for a message.
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(launch.log(), StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    private static Process spawn(Launch launch) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command(launch)).directory(launch.folder().toFile());
        builder.environment().put("EDGEWISE_EXIT_WITH_PARENT", "true");
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
        Process process = builder.start();
        Files.writeString(launch.pidFile(), process.pid() + "\n");
        return process;
    }

    private static List<String> command(Launch launch) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            // An ignored signal stays ignored in what exec starts, which keeps this process number.
            command.addAll(List.of(SHELL.toString(), "-c", "trap '' INT HUP; exec \"$@\"", "edgewise-server"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        launch.properties().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", launch.jar().toString()));
        return command;
    }

    private void supervise() {
        int earlyEnds = 0;
        long started = System.nanoTime();
        while (!stopping) {
            try {
                int status = process.waitFor();
                if (stopping) {
                    return;
                }
                boolean early = System.nanoTime() - started < HEALTHY_AFTER.toNanos();
                earlyEnds = early ? earlyEnds + 1 : 0;
                if (earlyEnds >= MOST_EARLY_ENDS) {
                    givenUp = true;
                    say.accept("the server ended " + earlyEnds + " times soon after its start; see " + launch.log());
                    return;
                }
                say.accept("the server ended with status " + status + "; it is started again");
                Thread.sleep(PAUSE);
                synchronized (this) {
                    if (!stopping) {
                        process = spawn(launch);
                        started = System.nanoTime();
                    }
                }
            } catch (IOException e) {
                givenUp = true;
                say.accept("the server cannot be started again: " + e.getMessage());
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        Process last;
        synchronized (this) {
            stopping = true;
            last = process;
        }
        last.destroy();
        try {
            if (!last.waitFor(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                last.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(launch.pidFile());
    }
}
