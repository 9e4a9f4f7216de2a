// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// The models and data of this repository.
final class Repository {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path MODELS = ROOT.resolve("models");
    static final Path DATA = ROOT.resolve("data");

    private Repository() {}

    /// A table without quotes, by column name.
    static List<Map<String, String>> table(Path file, String delimiter) {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> names = List.of(lines.getFirst().split(delimiter, -1));
            List<Map<String, String>> rows = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(delimiter, -1);
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < cells.length; i++) {
                    row.put(names.get(i), cells[i]);
                }
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Map<String, String>> scenario(String name) {
        return table(DATA.resolve("clinc150/scenarios/" + name + ".tsv.gz"), "\t");
    }

    static OnnxClassifier model(String build) throws IOException {
        return OnnxClassifier.open(
                ModelManifest.load(MODELS, build), Labels.load(DATA.resolve("clinc150/labels.json")));
    }

    /// Writes rows as CSV; values hold neither commas nor quotes.
    static Path csv(Path file, String header, List<String> rows) throws IOException {
        return Files.writeString(file, header + "\n" + String.join("\n", rows) + "\n");
    }
}
