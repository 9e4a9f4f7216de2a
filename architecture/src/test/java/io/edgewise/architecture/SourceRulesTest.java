// SPDX-License-Identifier: Apache-2.0
package io.edgewise.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Names and sizes, read from the source.
class SourceRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LONGEST_FILE = 400;
    private static final int LONGEST_TEST = 600;
    private static final Pattern TIRED_NAME = Pattern.compile("\\w*(Impl|Utils?|Helper|Manager|Service)\\.java");

    @Test
    void filesAreShortEnoughToRead() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources().toList()) {
            int limit = file.toString().contains("/src/test/") ? LONGEST_TEST : LONGEST_FILE;
            long lines;
            try (Stream<String> text = Files.lines(file)) {
                lines = text.count();
            }
            if (lines > limit) {
                tooLong.add(ROOT.relativize(file) + " has " + lines + " lines; at most " + limit);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() throws IOException {
        assertThat(sources()
                        .map(file -> file.getFileName().toString())
                        .filter(name -> TIRED_NAME.matcher(name).matches()))
                .isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        List<Path> bare = sources()
                .filter(file -> file.toString().contains("/src/main/java/"))
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                .toList();
        assertThat(bare).isEmpty();
    }

    @Test
    void everyConfigurationKeyIsDocumented() throws IOException {
        String documentation = Files.readString(ROOT.resolve("docs/config.md"));
        Pattern prefix = Pattern.compile("@ConfigMapping\\(prefix = \"([^\"]+)\"");
        List<String> missing = new ArrayList<>();
        for (Path file : sources().toList()) {
            String text = Files.readString(file);
            java.util.regex.Matcher matcher = prefix.matcher(text);
            if (matcher.find() && !documentation.contains("`" + matcher.group(1))) {
                missing.add(matcher.group(1) + " of " + ROOT.relativize(file));
            }
        }
        assertThat(missing).isEmpty();
    }

    private static Stream<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList()
                    .stream();
        }
    }
}
