// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Draws all pictures into docs/images/statistics; with `--check` it only compares, and fails where one differs.
public final class Pictures {
    static final String FOLDER = "docs/images/statistics";

    private Pictures() {}

    /// File name and content, from the project's folder.
    static Map<String, String> drawn(Path root) {
        Map<String, String> pictures = new LinkedHashMap<>();
        pictures.put("peeking.svg", Peeking.svg());
        pictures.put("bad-build.svg", BadBuild.svg());
        pictures.put("ece-floor.svg", EceFloor.svg(root));
        pictures.put("psi-null.svg", PsiNull.svg());
        pictures.put("device-clustering.svg", DeviceClustering.svg());
        pictures.put("reliability.svg", ReliabilityDiagrams.svg(root));
        pictures.put("percentile.svg", PercentileBySize.svg());
        return pictures;
    }

    public static void main(String[] arguments) throws IOException {
        boolean check = arguments.length > 0 && arguments[0].equals("--check");
        Path root = Path.of("").toAbsolutePath();
        Path folder = root.resolve(FOLDER);
        Files.createDirectories(folder);
        boolean same = true;
        for (Map.Entry<String, String> picture : drawn(root).entrySet()) {
            Path file = folder.resolve(picture.getKey());
            byte[] bytes = picture.getValue().getBytes(StandardCharsets.UTF_8);
            boolean kept = Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes);
            System.out.println((kept ? "same     " : "changed  ") + root.relativize(file));
            same &= kept;
            if (!kept && !check) {
                Files.write(file, bytes);
            }
        }
        if (check && !same) {
            System.err.println(
                    "Pictures differ from what the code draws; run benchmarks/run pictures and look at them.");
            System.exit(1);
        }
    }
}
