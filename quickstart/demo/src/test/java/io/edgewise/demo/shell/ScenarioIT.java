// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.demo.Utterance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole scenarios, headless, each as a process of its own with its own broker, database and server: what a stranger
/// gets.
class ScenarioIT {
    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final Pattern ACCOUNTS =
            Pattern.compile("requests sent ([\\d,]+) = recorded ([\\d,]+) = counted ([\\d,]+)");

    @BeforeAll
    static void theServerIsBuilt() {
        Path jar = Path.of("..", "..", "server/target/quarkus-app/quarkus-run.jar");
        assertThat(jar)
                .as("the packaged server; build it first: ./edgewise build, or ./mvnw -pl server -am package")
                .exists();
    }

    @Test
    void promotesAGoodBuildAndCountsEverythingOnceThoughTheServerIsKilled(@TempDir Path folder) throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--scenario", "promote")) {
            demo.awaitLine(Pattern.compile("] 1 % for"), LIMIT);
            killServer(folder);
            demo.awaitLine(Pattern.compile("it is started again"), LIMIT);
            demo.awaitEnd(LIMIT);

            assertEndedWell(demo, "completed after", folder);
            assertEverySingleOneWasCounted(demo.output(), 30_000);
        }
        assertNoFileHoldsWhatPeopleSaid(folder);
    }

    @Test
    void rollsABadlyQuantizedBuildBackThoughTheServerIsKilled(@TempDir Path folder) throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--scenario", "bad-quantization")) {
            demo.awaitLine(Pattern.compile("] shadow for"), LIMIT);
            killServer(folder);
            demo.awaitEnd(LIMIT);

            assertThat(demo.output()).contains("it is started again");
            assertEndedWell(demo, "rolled back after", folder);
            assertEverySingleOneWasCounted(demo.output(), 1_000);
        }
    }

    @Test
    void stopsInOrderAndBeginsAgainInTheSameFolder(@TempDir Path folder) throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--scenario", "promote")) {
            demo.awaitLine(Pattern.compile("] shadow for"), LIMIT);
            demo.interrupt();
            demo.awaitEnd(LIMIT);

            assertThat(demo.status()).as(demo.output()).isEqualTo(130);
            assertNothingIsLeftRunning(folder);
        }
        try (DemoProcess demo = DemoProcess.start(folder, "--scenario", "bad-quantization")) {
            demo.awaitEnd(LIMIT);

            assertThat(demo.output()).contains("Ended 1 rollout(s) that an earlier demo left running");
            assertEndedWell(demo, "rolled back after", folder);
            assertEverySingleOneWasCounted(demo.output(), 1_000);
        }
    }

    @Test
    @Tag("slow")
    void promotesUndisturbedWithinThreeMinutesOfReadiness(@TempDir Path folder) throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--scenario", "promote")) {
            demo.awaitEnd(LIMIT);

            assertEndedWell(demo, "completed after 2 min", folder);
            assertEverySingleOneWasCounted(demo.output(), 30_000);
        }
    }

    private static void assertEndedWell(DemoProcess demo, String outcome, Path folder) throws IOException {
        assertThat(demo.status()).as(demo.output()).isZero();
        assertThat(demo.output()).contains(outcome, "(as it should be)", "simulated network, demo price card");
        assertNothingIsLeftRunning(folder);
    }

    /// What the broker, the database, the devices and the server leave on the disk, their logs too. Small
    /// texts are stored as they are, and LZ4 leaves most of a text that comes once as it was.
    private static void assertNoFileHoldsWhatPeopleSaid(Path folder) throws IOException {
        List<String> said = new Home(Path.of("..", "..").toAbsolutePath().normalize())
                .utterances().stream()
                        .map(Utterance::text)
                        .filter(text -> text.length() > 50)
                        .limit(10)
                        .toList();
        assertThat(said).hasSize(10);
        List<String> foldersThatNameTheWorkload = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(said).as("%s", file).noneMatch(content::contains);
                if (content.contains("voice-ivr-intent")) {
                    foldersThatNameTheWorkload.add(
                            folder.relativize(file).getName(0).toString());
                }
            }
        }
        assertThat(foldersThatNameTheWorkload).as("or nothing would be shown").contains("kafka", "postgresql");
    }

    private static void killServer(Path folder) throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve("server.pid")).strip());
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    private static void assertEverySingleOneWasCounted(String output, long atLeast) {
        Matcher accounts = ACCOUNTS.matcher(output);
        assertThat(accounts.find()).as(output).isTrue();
        assertThat(accounts.group(1)).isEqualTo(accounts.group(2)).isEqualTo(accounts.group(3));
        assertThat(Long.parseLong(accounts.group(1).replace(",", ""))).isGreaterThan(atLeast);
        assertThat(output).contains("Requests   " + accounts.group(1) + " sent", "truths told");
        assertThat(output).doesNotContain("≠");
    }

    private static void assertNothingIsLeftRunning(Path folder) {
        assertThat(folder.resolve("server.pid")).doesNotExist();
        assertThat(folder.resolve("postgresql/postmaster.pid")).doesNotExist();
        List<String> left = ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(folder.toString()))
                .toList();
        assertThat(left).isEmpty();
    }
}
