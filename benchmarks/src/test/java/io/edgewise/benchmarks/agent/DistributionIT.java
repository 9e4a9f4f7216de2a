// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.testkit.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The distribution as it is shipped: built, moved elsewhere, started with its own Java runtime, stopped as systemd
/// does.
@Tag("slow")
class DistributionIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder = Path.of("");

    private record Ran(int code, String printed) {}

    private static Ran run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return new Ran(process.exitValue(), printed);
    }

    @Test
    void itRunsWhereItWasMovedAndStopsWhenTold() throws Exception {
        Path app = HOME.resolve("edge-agent/app");
        Assumptions.assumeTrue(Files.isDirectory(app.resolve("target/lib")), "the agent is not packaged");
        Ran built = run(List.of(
                app.resolve("src/dist/assemble").toString(),
                System.getProperty("java.home"),
                app.toString(),
                HOME.toString()));
        assertThat(built.code()).as(built.printed()).isZero();
        Path moved = folder.resolve("elsewhere");
        Files.createDirectories(moved);
        Ran unpacked = run(List.of(
                "tar", "-xzf", app.resolve("target/dist/edgewise-agent.tar.gz").toString(), "-C", moved.toString()));
        assertThat(unpacked.code()).isZero();
        String agent = moved.resolve("edgewise-agent/bin/edgewise-agent").toString();

        assertThat(run(List.of(agent, "--version")).printed()).startsWith("edgewise-agent ");
        int port = freePort();
        Path config = Files.writeString(folder.resolve("agent.yaml"), """
                device: kiosk-1
                http: {port: %d}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "http://127.0.0.1:1", model: gpt-x}
                edge: {models: %s/models, builds: [edge-intent-int4]}
                """.formatted(port, HOME, HOME));
        assertTheCommandsRun(agent, config);
        assertSystemdUnderstandsItsUnit(moved.resolve("edgewise-agent"));
        List<String> command = new ArrayList<>(List.of(agent, "--config", config.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("agent.log").toFile())
                .start();
        try {
            String base = "http://127.0.0.1:" + port;
            try (HttpClient http = HttpClient.newHttpClient()) {
                Await.until("the agent is ready", () -> status(http, base + "/q/health/ready") == 200);
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(URI.create(base + "/v1/chat/completions"))
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"model\":\"edge-intent-int4\",\"messages\":"
                                                        + "[{\"role\":\"user\",\"content\":\"what kind of gas can i put into this car\"}]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.body()).contains("gas_type");
            }
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
            assertThat(Files.readString(folder.resolve("agent.log"))).contains("\"message\":\"stopped\"");
        } finally {
            process.destroyForcibly();
        }
    }

    /// All that they need is in the trimmed Java runtime.
    private void assertTheCommandsRun(String agent, Path config) throws Exception {
        Ran doctor = run(List.of(agent, "doctor", "--config", config.toString()));
        assertThat(doctor.code()).as("the frontier does not answer").isEqualTo(1);
        assertThat(doctor.printed()).contains("OK    model edge-intent-int4", "FAIL  frontier", "OK    disk");
        Ran bench = run(List.of(agent, "bench", "--config", config.toString(), "--requests", "100", "--json"));
        assertThat(bench.code()).as(bench.printed()).isZero();
        assertThat(bench.printed()).contains("\"p99Us\"");
    }

    /// Where it is installed, its program is there: the unit is looked at with the one that was unpacked.
    private void assertSystemdUnderstandsItsUnit(Path distribution) throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/systemd-analyze"))) {
            return;
        }
        Path unit = folder.resolve("edgewise-agent.service");
        Files.writeString(
                unit,
                Files.readString(distribution.resolve("share/edgewise-agent.service"))
                        .replace("/opt/edgewise-agent", distribution.toString()));
        Ran verified = run(List.of("/usr/bin/systemd-analyze", "verify", unit.toString()));
        assertThat(verified.printed()).doesNotContain(unit.getFileName().toString());
        assertThat(verified.code()).as(verified.printed()).isZero();
    }

    private static int status(HttpClient http, String address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
