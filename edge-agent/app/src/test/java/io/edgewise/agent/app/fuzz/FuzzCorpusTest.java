// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every build replays what fuzzing has found worth keeping; the slow profile fuzzes each target for ten minutes,
/// guided
/// by coverage, and adds nothing by itself: copy what it prints into `src/test/fuzz`.
class FuzzCorpusTest {
    private static final Path CORPUS = Path.of("src/test/fuzz");

    @TempDir
    private Path found = Path.of("");

    /// What a target does with one input.
    interface One {
        void take(byte[] input) throws IOException;
    }

    enum Target {
        OPEN_AI(OpenAiBodies.class, OpenAiBodies::fuzzerTestOneInput),
        INFERENCE(InferenceBodies.class, InferenceBodies::fuzzerTestOneInput),
        HTTP(HttpBytes.class, HttpBytes::fuzzerTestOneInput),
        ORDERS(SignedOrders.class, SignedOrders::fuzzerTestOneInput);

        private final Class<?> type;
        private final One one;

        Target(Class<?> type, One one) {
            this.type = type;
            this.one = one;
        }

        Path corpus() {
            return CORPUS.resolve(type.getSimpleName());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasKeptStillHolds(Target target) throws IOException {
        try (Stream<Path> files = Files.list(target.corpus())) {
            List<Path> inputs =
                    files.sorted(Comparator.comparing(Path::toString)).toList();
            assertThat(inputs).isNotEmpty();
            for (Path input : inputs) {
                target.one.take(Files.readAllBytes(input));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void tenMinutesOfFuzzingFindNothing(Target target) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type.getName(),
                // They stumble over what Netty asks of Unsafe, and take the test's own connection for an attack.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer"
                        + ":com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                "--instrumentation_includes=io.edgewise.**:io.netty.handler.codec.**:com.google.protobuf.**",
                "-max_total_time=" + Integer.getInteger("edgewise.fuzzSeconds", 600),
                "-timeout=120",
                "-rss_limit_mb=2048",
                found.toString(),
                target.corpus().toAbsolutePath().toString()));
        Path log = Path.of("target", "fuzz-" + target.type.getSimpleName() + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("see " + log).isZero();
    }
}
