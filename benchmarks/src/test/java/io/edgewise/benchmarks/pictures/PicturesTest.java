// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class PicturesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Map<String, String> DRAWN = Pictures.drawn(ROOT);

    @Test
    void committedPicturesAreWhatTheCodeDraws() throws IOException {
        for (Map.Entry<String, String> picture : DRAWN.entrySet()) {
            Path file = ROOT.resolve(Pictures.FOLDER).resolve(picture.getKey());

            assertThat(Files.readString(file))
                    .as("%s; run benchmarks/run pictures and look at it", picture.getKey())
                    .isEqualTo(picture.getValue());
        }
    }

    @Test
    void thereIsNoPictureThatNoCodeDraws() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(Pictures.FOLDER))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(DRAWN.keySet());
        }
    }

    @Test
    void picturesAreWellFormedAndNeedNothingFromElsewhere() throws Exception {
        for (Map.Entry<String, String> picture : DRAWN.entrySet()) {
            String svg = picture.getValue();

            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
            assertThat(svg.replace("http://www.w3.org/2000/svg", ""))
                    .as(picture.getKey())
                    .doesNotContain("http", "url(", "NaN", "Infinity");
        }
    }
}
