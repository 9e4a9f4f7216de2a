// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// An evaluator in a process of its own, to be killed or to have its memory measured. Counts until it is killed, or,
/// where it is told how many observations there are, until these are committed; then it writes their figures.
public final class EvaluatorProcess {
    /// Of which its devices' keys are made.
    public static final DeviceSecrets SECRETS = new DeviceSecrets(new byte[32]);

    private static final String PEAK = "VmHWM:";

    private EvaluatorProcess() {}

    /// Starts one.
    ///
    /// @param options of the Java machine
    /// @param expected observations and the file for their figures; empty for one that is to be killed
    public static Process start(Ground ground, List<String> options, List<String> expected) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EvaluatorProcess.class.getName()));
        command.addAll(List.of(ground.kafka().bootstrapServers(), ground.databaseUrl()));
        command.addAll(expected);
        return new ProcessBuilder(command)
                .directory(new File("").getAbsoluteFile())
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        Ground.quiet();
        endWithParent();
        KafkaSettings kafka = new KafkaSettings(arguments[0], Map.of());
        try (AgroalDataSource pool = Ground.pool(arguments[1])) {
            Database database = new Database(pool);
            try (Counting counting = new Counting(kafka, database)) {
                if (arguments.length == 2) {
                    Runtime.getRuntime().addShutdownHook(new Thread(counting::close));
                    Thread.currentThread().join();
                }
                Work work = counting.await(Long.parseLong(arguments[2]));
                Map<String, Object> figures = Figures.of(database);
                figures.put("evaluator", work.said());
                Files.write(Path.of(arguments[3]), new ObjectMapper().writeValueAsBytes(figures));
            }
        }
    }

    /// Whoever kills a benchmark leaves no process behind.
    static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        });
    }

    /// Largest memory that the process ever held, as Linux counts it; 0 for one that has just ended.
    static long peakBytes(Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(Path.of("/proc/self/status"))) {
            throw new IOException("there is no " + status + ": peak memory is measured on Linux only");
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            // It ended between two questions.
            return 0;
        }
    }
}
