// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Fuzz targets: each build replays what was kept, the slow profile looks for more, guided by coverage,
/// with Jazzer in a process of its own. It adds nothing to what is kept: copy what it prints into the
/// corpus.
public final class Fuzzing {
    private static final Path CORPUS = Path.of("src/test/fuzz");
    private static final Pattern RUNS = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    private Fuzzing() {}

    /// What a target does with one input: it throws where a promise is broken.
    @FunctionalInterface
    public interface One {
        void take(byte[] input) throws IOException;
    }

    private static Path corpus(Class<?> target) {
        return CORPUS.resolve(target.getSimpleName());
    }

    /// Returns how many inputs there were.
    public static int replay(Class<?> target, One one) throws IOException {
        try (Stream<Path> files = Files.list(corpus(target))) {
            List<Path> inputs =
                    files.sorted(Comparator.comparing(Path::toString)).toList();
            for (Path input : inputs) {
                try {
                    one.take(Files.readAllBytes(input));
                } catch (RuntimeException e) {
                    throw new AssertionError(input + " breaks a promise", e);
                }
            }
            return inputs.size();
        }
    }

    /// Ten minutes, or `edgewise.fuzzSeconds`. Writes its result where `edgewise.results` says.
    public static void search(Class<?> target, Path found) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                // They stumble over what Netty asks of Unsafe, and take the test's own connection for an attack.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer"
                        + ":com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                "--instrumentation_includes=io.edgewise.**:io.netty.handler.codec.**:com.google.protobuf.**"
                        + ":com.google.gson.**",
                "-max_total_time=" + Integer.getInteger("edgewise.fuzzSeconds", 600),
                "-timeout=120",
                "-rss_limit_mb=2048",
                found.toString(),
                corpus(target).toAbsolutePath().toString()));
        Path log = Path.of("target", "fuzz-" + target.getSimpleName() + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError("fuzzing " + target.getSimpleName() + " found something; see " + log);
        }
        String results = System.getProperty("edgewise.results");
        if (results != null) {
            write(Path.of(results), target, Files.readString(log));
        }
    }

    private static void write(Path results, Class<?> target, String log) throws IOException {
        Matcher done = RUNS.matcher(log);
        if (!done.find()) {
            throw new AssertionError("the fuzzer does not say how much it did");
        }
        String name = "fuzz-" + target.getSimpleName().toLowerCase(Locale.ROOT);
        Files.writeString(results.resolve(name + ".json"), """
                {
                  "name" : "%s",
                  "inputs" : %s,
                  "seconds" : %s,
                  "broken" : 0,
                  "date" : "%s",
                  "machine" : "%d cores, Java %s"
                }
                """.formatted(
                        name,
                        done.group(1),
                        done.group(2),
                        LocalDate.now(java.time.ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version().feature()));
    }
}
