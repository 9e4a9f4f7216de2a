// SPDX-License-Identifier: Apache-2.0
package io.edgewise.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/guarantees.md names tests and measurements; they are there, and those marked slow have a long form.
class GuaranteesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern TEST = Pattern.compile("`([a-zA-Z.]*\\b[A-Z]\\w*(?:Test|IT))`( \\(slow)?");
    private static final Pattern BENCHMARK = Pattern.compile("benchmarks/run ([a-z-]+)");

    private static String text() throws IOException {
        return Files.readString(ROOT.resolve("docs/guarantees.md"));
    }

    /// Paths from the root.
    private static SortedSet<String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.map(file -> ROOT.relativize(file).toString())
                    .filter(file -> file.contains("src/test/java/") && !file.contains("target/"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /// Of a name that stands alone there is one file; others are named with their package.
    private static SortedSet<String> files(SortedSet<String> all, String name) {
        return all.stream()
                .filter(file -> file.endsWith("/" + name.replace('.', '/') + ".java"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyTestThatIsNamedIsThereOnce() throws IOException {
        SortedSet<String> all = tests();
        SortedSet<String> wrong = new TreeSet<>();
        TEST.matcher(text()).results().map(found -> found.group(1)).forEach(name -> {
            if (files(all, name).size() != 1) {
                wrong.add(name + ": " + files(all, name));
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatIsMarkedSlowHasALongForm() throws IOException {
        SortedSet<String> all = tests();
        SortedSet<String> tooShort = new TreeSet<>();
        for (MatchResult found : TEST.matcher(text()).results().toList()) {
            if (found.group(2) != null) {
                for (String file : files(all, found.group(1))) {
                    if (!Files.readString(ROOT.resolve(file)).contains("@Tag(\"slow\")")) {
                        tooShort.add(file);
                    }
                }
            }
        }
        assertThat(tooShort).isEmpty();
    }

    @Test
    void everyMeasurementThatIsNamedCanBeRun() throws IOException {
        String run = Files.readString(ROOT.resolve("benchmarks/run"));
        assertThat(BENCHMARK.matcher(text()).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(run).contains("\n  " + name + ") main="));
    }

    @Test
    void everyGuaranteeHasItsPlace() throws IOException {
        String text = text();
        for (int number = 1; number <= 18; number++) {
            assertThat(text).contains("\n| G" + number + " | ");
        }
    }
}
