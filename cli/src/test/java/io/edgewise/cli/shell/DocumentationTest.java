// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every example of docs/cli.md in a `console` block is run, and prints what stands there.
class DocumentationTest {
    private static final Path PAGE = Repository.ROOT.resolve("docs/cli.md");
    private static final Pattern EXAMPLE = Pattern.compile("```console\n\\$ ./edgewise (.*)\n([^`]*)```");

    @Test
    void examplesPrintWhatThePageShows() throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
        List<String> ran = new ArrayList<>();
        while (example.find()) {
            String command = example.group(1);
            Run run = Run.of(Arrays.stream(command.split(" "))
                    .map(word -> word.startsWith("data/") || word.startsWith("models/") ? "../" + word : word)
                    .toArray(String[]::new));
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out().replace("../", "").strip())
                    .as(command)
                    .isEqualTo(example.group(2).strip());
            ran.add(command);
        }
        assertThat(ran).hasSize(2);
    }

    @Test
    void everyOptionIsOnThePage() throws IOException {
        String page = Files.readString(PAGE);
        for (String command : List.of("drift", "validate", "export")) {
            Matcher option = Pattern.compile("(?m)^ +(?:-\\w, )?(--[a-z-]+)")
                    .matcher(Run.of(command, "--help").out());
            while (option.find()) {
                if (!List.of("--help", "--version").contains(option.group(1))) {
                    assertThat(page).as(command).contains(option.group(1));
                }
            }
        }
    }
}
