// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.runtime.role.LoopThread;
import io.edgewise.testkit.Platform;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/// An evaluator in a process of its own, to be killed. Ends with the process that started it.
final class CountingProcess implements AutoCloseable {
    private static final List<String> OPTIONS = List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Process process;
    private final Path log;

    private CountingProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static CountingProcess start(Platform platform, String group) throws IOException {
        Path log = Files.createTempFile("edgewise-evaluator", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CountingProcess.class.getName()));
        command.addAll(
                List.of(platform.bootstrapServers(), group, platform.jdbcUrl(), platform.user(), platform.password()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(new File("").getAbsoluteFile())
                .start();
        return new CountingProcess(process, log);
    }

    public static void main(String[] arguments) throws Exception {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        });
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(arguments[2]);
        source.setUser(arguments[3]);
        source.setPassword(arguments[4]);
        EvaluatorLoop loop = Ground.loop(arguments[0], arguments[1], source, InstantSource.system(), Map.of());
        var _ = new LoopThread("evaluator", loop).start();
        Thread.currentThread().join();
    }

    /// SIGKILL: nothing is closed, nobody says good-bye.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("an evaluator ended by itself: " + Files.readString(log));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(log);
    }
}
