// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The commands in a document's console blocks; each line below one must be in what it prints.
record DocumentedCommands(List<Command> commands) {
    record Command(String line, List<String> prints) {}

    static DocumentedCommands of(String document) throws IOException {
        List<Command> commands = new ArrayList<>();
        boolean isInside = false;
        for (String line : Files.readAllLines(Scene.HOME.resolve(document))) {
            if (line.startsWith("```")) {
                isInside = line.equals("```console");
            } else if (isInside && line.startsWith("$ ")) {
                commands.add(new Command(line.substring(2), new ArrayList<>()));
            } else if (isInside) {
                commands.getLast().prints().add(line);
            }
        }
        return new DocumentedCommands(commands);
    }

    static boolean hasTools(String... tools) throws InterruptedException {
        for (String tool : tools) {
            try {
                boolean isThere = new ProcessBuilder("sh", "-c", "command -v " + tool)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
                if (!isThere) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /// Runs them one after the other in this folder, with another address than the document's.
    void check(Path folder, String documented, String address, Map<String, String> environment)
            throws IOException, InterruptedException {
        for (Command command : commands) {
            String printed = run(command.line().replace(documented, address), folder, environment);
            assertThat(command.prints()).as(command.line()).isNotEmpty();
            for (String expected : command.prints()) {
                assertThat(printed.toLowerCase(Locale.ROOT))
                        .as(command.line())
                        .contains(expected.toLowerCase(Locale.ROOT));
            }
        }
    }

    private static String run(String command, Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return printed;
    }
}
