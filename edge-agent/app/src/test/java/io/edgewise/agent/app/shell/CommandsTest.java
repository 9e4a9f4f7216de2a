// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
    @TempDir
    private Path folder = Path.of("");

    private record Ran(int code, String printed) {}

    private Ran run(String... arguments) {
        StringWriter printed = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(printed))
                .execute(arguments);
        return new Ran(code, printed.toString());
    }

    private String config(String frontier, String more) throws IOException {
        return Files.writeString(
                        folder.resolve("agent.yaml"),
                        """
                device: kiosk-17
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "%s", model: gpt-x}
                edge: {models: %s/models, builds: [%s]}
                """.formatted(Scene.HOME, frontier, Scene.HOME, Scene.BUILD) + more)
                .toString();
    }

    @Test
    void theDoctorSaysWhatIsWrongAndWhatToDo() throws IOException {
        Ran ran = run("doctor", "--config", config("http://127.0.0.1:1", ""));

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.printed())
                .contains("OK    disk")
                .contains("OK    model edge-intent-int4")
                .contains("FAIL  frontier")
                .contains("→ check the network, or correct frontier.url")
                .contains("WARN  uplink")
                .contains("→ set server.url, or uplink.kafka");
    }

    @Test
    void theDoctorIsContentWithAHealthyDevice() throws Exception {
        try (Scene scene = new Scene(folder, "")) {
            Ran ran = run("doctor", "--config", config(scene.frontierUrl().toString(), ""));

            assertThat(ran.code()).isZero();
            assertThat(ran.printed()).contains("OK    clock").contains("OK    frontier");
        }
    }

    @Test
    void theBenchmarkMeasuresEveryBuildAndWaitsToBeTold() throws IOException {
        Ran ran = run("bench", "--config", config("http://127.0.0.1:1", ""), "--requests", "200", "--json");

        assertThat(ran.code()).isZero();
        JsonNode result = new ObjectMapper().readTree(ran.printed());
        JsonNode model = result.path("models").path(0);
        assertThat(model.path("build").asText()).isEqualTo(Scene.BUILD);
        assertThat(model.path("p50Us").asDouble()).isPositive();
        assertThat(model.path("p99Us").asDouble())
                .isGreaterThanOrEqualTo(model.path("p50Us").asDouble());
        assertThat(model.path("modelBytes").asLong())
                .isEqualTo(Files.size(Scene.HOME.resolve("models/edge-intent-int4.onnx")));
        assertThat(model.has("firstTokenMs")).isFalse();
        assertThat(folder.resolve("edgewise-agent-data/bench.json")).exists();
    }

    @Test
    void settingsThatCannotBeUsedEndItWithAllFaults() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "devise: x\n");

        Ran ran = run("--config", file.toString());

        assertThat(ran.code()).isEqualTo(Main.UNUSABLE);
        assertThat(ran.printed()).contains("\"devise\" is no setting; did you mean \"device\"?", "frontier.url");
        assertThat(run("--config", folder.resolve("none.yaml").toString()).printed())
                .contains("there is no such file", "docs/agent.md");
    }

    @Test
    void unknownEnergyIsAbsentAndKnownOneIsRead() throws IOException {
        assertThat(PowerMeter.find(folder).microjoules()).isEmpty();
        assertThat(PowerMeter.find(folder).battery()).isEmpty();

        Files.createDirectories(folder.resolve("powercap/intel-rapl:0"));
        Files.writeString(folder.resolve("powercap/intel-rapl:0/energy_uj"), "123456\n");
        Files.createDirectories(folder.resolve("power_supply/BAT0"));
        Files.writeString(folder.resolve("power_supply/BAT0/capacity"), "81\n");
        Files.writeString(folder.resolve("power_supply/BAT0/status"), "Discharging\n");

        assertThat(PowerMeter.find(folder).microjoules()).hasValue(123456);
        assertThat(PowerMeter.find(folder).battery()).hasValue(new PowerMeter.Battery(0.81, Optional.of(false)));
    }

    @Test
    void aLogLineIsOneLineWhateverItSays() throws IOException {
        LogRecord record = new LogRecord(Level.WARNING, "a \"quoted\" word\r\n{0}");
        record.setParameters(new Object[] {"second line \u202e"});
        record.setLoggerName("x");
        record.setThrown(new IllegalStateException("why"));

        try (PrintStream nowhere =
                new PrintStream(java.io.OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)) {
            String line = new LogLines(true, nowhere).line(record);
            JsonNode read = new ObjectMapper().readTree(line);
            assertThat(line).doesNotContain("\n", "\r");
            assertThat(read.path("level").asText()).isEqualTo("warn");
            assertThat(read.path("message").asText()).isEqualTo("a \"quoted\" word\r\nsecond line \u202e");
            assertThat(read.path("error").asText()).contains("IllegalStateException: why");
            assertThat(new LogLines(false, nowhere).line(record)).doesNotContain("\n", "\r");
        }
    }

    @Test
    void allCommandsExplainThemselves() {
        assertThat(run("--help").printed()).contains("run", "doctor", "bench", "--config");
        assertThat(new CommandLine(new Main()).getSubcommands()).hasSize(4);
    }
}
