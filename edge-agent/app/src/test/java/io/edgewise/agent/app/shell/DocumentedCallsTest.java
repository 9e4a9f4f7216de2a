// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs every command of docs/agent.md; each line below it must be in what it prints.
class DocumentedCallsTest {
    @TempDir
    private Path folder = Path.of("");

    private record Command(String line, List<String> prints) {}

    private static List<Command> commands() throws IOException {
        List<Command> commands = new ArrayList<>();
        boolean isInside = false;
        for (String line : Files.readAllLines(Scene.HOME.resolve("docs/agent.md"))) {
            if (line.startsWith("```")) {
                isInside = line.equals("```console");
            } else if (isInside && line.startsWith("$ ")) {
                commands.add(new Command(line.substring(2), new ArrayList<>()));
            } else if (isInside) {
                commands.getLast().prints().add(line);
            }
        }
        return commands;
    }

    private String run(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return printed;
    }

    private static boolean hasCurl() {
        try {
            return new ProcessBuilder("curl", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void theyDoWhatTheDocumentSays() throws Exception {
        Assumptions.assumeTrue(hasCurl(), "curl is not installed");
        try (Scene scene = new Scene(folder, "")) {
            List<Command> commands = commands();
            assertThat(commands).hasSizeGreaterThan(8);
            for (Command command : commands) {
                String printed = run(command.line()
                        .replace("http://localhost:8747", scene.url().toString()));
                assertThat(command.prints()).as(command.line()).isNotEmpty();
                for (String expected : command.prints()) {
                    assertThat(printed.toLowerCase(java.util.Locale.ROOT))
                            .as(command.line())
                            .contains(expected.toLowerCase(java.util.Locale.ROOT));
                }
            }
        }
    }
}
