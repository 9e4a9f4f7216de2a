// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The cases that other rollout tools publish with their tests, in `neighbours/cases.json`: each is
/// put to this controller, and what it answers is what the file says. {@link NeighboursTest} holds
/// what their users reported.
class NeighbourCasesTest {
    private static final JsonNode FILE = read();
    private static final NeighbourCases CASES = new NeighbourCases(FILE.get("series"));

    static Stream<Named> cases() {
        List<Named> cases = new ArrayList<>();
        FILE.get("cases").forEach(each -> cases.add(new Named(each)));
        return cases.stream();
    }

    record Named(JsonNode given) {
        @Override
        public String toString() {
            return given.get("tool").asText() + ": " + given.get("case").asText();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weAnswerWhatTheFileSays(Named named) {
        assertThat(CASES.answer(named.given().get("given")))
                .isEqualTo(named.given().get("ours").asText());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whereWeDifferTheFileSaysWhy(Named named) {
        JsonNode each = named.given();
        assertThat(FILE.get("sources").has(each.get("tool").asText())).isTrue();
        if (!each.get("same").asBoolean()) {
            assertThat(each.path("why").asText()).isNotBlank();
        }
    }

    @Test
    void eachSourceNamesItsFilesAndItsLicence() {
        FILE.get("sources").properties().forEach(source -> {
            for (String field : List.of("repository", "licence", "files", "commits", "taken")) {
                assertThat(source.getValue().has(field))
                        .as(source.getKey() + " " + field)
                        .isTrue();
            }
        });
    }

    @Test
    void theTableInTheDocumentationIsTheFile() throws IOException {
        StringBuilder table = new StringBuilder("<!-- cases -->\n");
        TreeMap<String, int[]> counts = new TreeMap<>();
        String tool = "";
        for (JsonNode each : FILE.get("cases")) {
            boolean same = each.get("same").asBoolean();
            if (!each.get("tool").asText().equals(tool)) {
                tool = each.get("tool").asText();
                JsonNode source = FILE.get("sources").get(tool);
                table.append("\n**")
                        .append(tool)
                        .append("** (")
                        .append(source.get("licence").asText());
                table.append(")\n\n| case | it says | we answer | | why |\n|---|---|---|---|---|\n");
            }
            counts.computeIfAbsent(tool, name -> new int[2])[same ? 0 : 1]++;
            table.append("| ").append(each.get("case").asText());
            table.append(" | ").append(each.get("theirs").asText());
            table.append(" | ").append(each.get("ours").asText());
            table.append(" | ").append(same ? "as it" : "otherwise");
            table.append(" | ").append(each.path("why").asText()).append(" |\n");
        }
        table.append("\n| tool | as it | otherwise, on purpose |\n|---|---|---|\n");
        counts.forEach((name, count) -> table.append("| ")
                .append(name)
                .append(" | ")
                .append(count[0])
                .append(" | ")
                .append(count[1])
                .append(" |\n"));
        table.append("<!-- /cases -->");
        Path page = repository().resolve("docs/neighbours.md");
        String text = Files.readString(page);
        int from = text.indexOf("<!-- cases -->");
        int to = text.indexOf("<!-- /cases -->") + "<!-- /cases -->".length();
        if (Boolean.getBoolean("edgewise.update")) {
            Files.writeString(page, text.substring(0, from) + table + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("run this test with -Dedgewise.update=true to write it anew")
                .isEqualTo(table.toString());
    }

    private static JsonNode read() {
        try (var in = NeighbourCasesTest.class.getResourceAsStream("/neighbours/cases.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/adr"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no folder above holds docs/adr");
        }
        return folder;
    }
}
