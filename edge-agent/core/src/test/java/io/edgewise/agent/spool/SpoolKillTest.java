// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that appends as fast as it can, again and again at random moments, in the same folder,
/// and reads what is there after each kill.
final class SpoolKillTest {
    @TempDir
    Path folder = Path.of("");

    /// What the kills of one run came to.
    private static final class Tally {
        private final Set<String> texts = new HashSet<>();
        private long acknowledged;
        private long kept;
        private long lost;
    }

    @Test
    void keepsEveryAcknowledgedRecordThroughKill9() throws Exception {
        Tally tally = kill(3, new SplittableRandom(7));

        assertThat(tally.acknowledged).isGreaterThan(60);
    }

    /// Writes its result where `edgewise.results` says.
    @Test
    @Tag("slow")
    void losesNothingInFiveHundredRandomKills() throws Exception {
        int kills = Integer.getInteger("edgewise.kills", 500);
        long seed = Long.getLong("edgewise.seed", 20_261_130L);
        Tally tally = kill(kills, new SplittableRandom(seed));

        String results = System.getProperty("edgewise.results");
        if (results != null) {
            Files.writeString(Path.of(results).resolve("spool-kills.json"), """
                    {
                      "name" : "spool-kills",
                      "kills" : %d,
                      "seed" : %d,
                      "acknowledged" : %d,
                      "found" : %d,
                      "lost" : %d,
                      "command" : "./mvnw verify -pl edge-agent/core -am -Dslow -Dtest=SpoolKillTest -Dedgewise.results=<folder>",
                      "date" : "%s",
                      "machine" : "%d cores, Java %d"
                    }
                    """.formatted(
                            kills,
                            seed,
                            tally.acknowledged,
                            tally.kept,
                            tally.lost,
                            LocalDate.now(ZoneOffset.UTC),
                            Runtime.getRuntime().availableProcessors(),
                            Runtime.version().feature()));
        }
    }

    private Tally kill(int kills, SplittableRandom random) throws Exception {
        Tally tally = new Tally();
        for (int kill = 0; kill < kills; kill++) {
            long before = tally.kept;
            long acknowledged = writeAndKill(before, random.nextInt(20, 700), random.nextInt(0, 3_000));
            tally.acknowledged += acknowledged - before;
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "sqlite-*")) {
                for (Path library : left) {
                    Files.delete(library);
                }
            }
            try (Spool spool = Child.open(folder)) {
                List<Observation> records = unread(spool, before);
                assertThat(spool.setAside()).isEmpty();
                tally.lost += Math.max(0, acknowledged - before - records.size());
                assertThat(tally.lost).as("kill %s", kill).isZero();
                for (int i = 0; i < records.size(); i++) {
                    assertThat(records.get(i).getSeq()).isEqualTo(before + i + 1);
                    assertThat(tally.texts.add(records.get(i).getDropReason()))
                            .as("no record twice")
                            .isTrue();
                }
                tally.kept += records.size();
                tally.texts.removeIf(text -> tally.texts.size() > 100_000);
                spool.acknowledge(Lane.OBSERVATIONS, spool.epoch(), tally.kept, records.size());
            }
        }
        return tally;
    }

    private static List<Observation> unread(Spool spool, long after) throws Exception {
        List<Observation> records = new ArrayList<>();
        long last = after;
        while (last < spool.counts(Lane.OBSERVATIONS).lastSeq()) {
            List<Page.Stored> page = spool.read(Lane.OBSERVATIONS, spool.epoch(), last, 100_000)
                    .get()
                    .records();
            page.stream()
                    .filter(stored -> stored.seq() > after)
                    .forEach(stored -> records.add(TestFormat.parse(stored.bytes())));
            last = page.getLast().seq();
        }
        return records;
    }

    /// Returns the last sequence that the child called durable.
    private long writeAndKill(long before, int records, int micros) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        // A killed process leaves its native library behind, which another would tidy away.
                        "-Dorg.sqlite.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        long last = before;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            while (last < before + records) {
                String line = lines.readLine();
                assertThat(line)
                        .as("the writing process ended by itself: %s", Files.readString(folder.resolve("errors.txt")))
                        .isNotNull();
                last = Long.parseLong(line);
            }
            TimeUnit.MICROSECONDS.sleep(micros);
            // The process itself would close the pipe before its last lines are read.
            assertThat(child.toHandle().destroyForcibly()).isTrue();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.length() >= Long.toString(last).length()) {
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
