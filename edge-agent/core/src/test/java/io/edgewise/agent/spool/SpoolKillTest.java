// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that appends as fast as it can, again and again, in the same folder.
final class SpoolKillTest {
    private static final int KILLS = 3;
    private static final int ACKNOWLEDGED_BEFORE_KILL = 700;

    @TempDir
    Path folder = Path.of("");

    @Test
    void keepsEveryAcknowledgedRecordThroughKill9() throws Exception {
        long acknowledged = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged = writeAndKill(acknowledged);
            try (Spool spool = Child.open(folder)) {
                List<Observation> records =
                        spool.read(Lane.OBSERVATIONS, spool.epoch(), 0, 1_000_000).get().records().stream()
                                .map(stored -> TestFormat.parse(stored.bytes()))
                                .toList();

                assertThat(spool.setAside()).isEmpty();
                assertThat((long) records.size()).isGreaterThanOrEqualTo(acknowledged);
                for (int i = 0; i < records.size(); i++) {
                    assertThat(records.get(i).getSeq()).isEqualTo(i + 1L);
                }
                assertThat(records.stream().map(Observation::getDropReason).distinct())
                        .as("no record twice")
                        .hasSize(records.size());
                acknowledged = records.size();
            }
        }
    }

    private long writeAndKill(long before) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long last = before;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            while (last < before + ACKNOWLEDGED_BEFORE_KILL) {
                String line = lines.readLine();
                assertThat(line).as("the writing process ended by itself").isNotNull();
                last = Long.parseLong(line);
            }
            // The process itself would close the pipe before its last lines are read.
            assertThat(child.toHandle().destroyForcibly()).isTrue();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.length() == Long.toString(last).length()) {
                    last = Math.max(last, Long.parseLong(line));
                }
            }
        }
        return last;
    }

    /// Appends for ever and prints each sequence once it is durable.
    static final class Child {
        private Child() {}

        static Spool open(Path folder) throws SpoolFailure {
            return Spool.open(
                    folder,
                    Map.of(Lane.OBSERVATIONS, new TestFormat()),
                    new Bounds(10_000_000, 1L << 30, Duration.ofMillis(2)));
        }

        public static void main(String[] args) throws Exception {
            PrintStream out = System.out;
            try (Spool spool = open(Path.of(args[0]))) {
                SplittableRandom random = new SplittableRandom();
                while (true) {
                    CompletableFuture<Long> last = CompletableFuture.completedFuture(0L);
                    for (int i = 0; i < 40; i++) {
                        String text = Long.toHexString(random.nextLong()) + "-".repeat(200);
                        last = spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body(text));
                    }
                    out.println(last.get());
                    out.flush();
                }
            }
        }
    }
}
