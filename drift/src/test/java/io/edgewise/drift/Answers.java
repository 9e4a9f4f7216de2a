// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.zip.GZIPInputStream;

/// What `edge-intent-int4` answered on the requests of a scenario (`models/scenario-answers.tsv.gz`).
record Answers(List<Answer> rows) {
    private static final Path ROOT = Path.of("..");

    /// @param agrees whether the frontier said the same
    record Answer(String label, String domain, double confidence, double entropy, int tokens, boolean agrees) {}

    static Map<String, Answers> scenarios() {
        Map<String, String> domains = domains();
        Map<String, Answers> scenarios = new LinkedHashMap<>();
        for (String[] row : rows(ROOT.resolve("models/scenario-answers.tsv.gz"), "\t")) {
            scenarios
                    .computeIfAbsent(row[0], name -> new Answers(new ArrayList<>()))
                    .rows
                    .add(new Answer(
                            row[3],
                            domains.getOrDefault(row[3], ""),
                            Double.parseDouble(row[4]),
                            Double.parseDouble(row[5]),
                            Integer.parseInt(row[6]),
                            row[3].equals(row[7])));
        }
        return scenarios;
    }

    /// Every build on the scenario `control`.
    static Map<String, Answers> builds() {
        Map<String, String> domains = domains();
        Map<String, Answers> builds = new LinkedHashMap<>();
        for (String[] row : rows(ROOT.resolve("models/control-answers.tsv.gz"), "\t")) {
            builds.computeIfAbsent(row[0], name -> new Answers(new ArrayList<>()))
                    .rows
                    .add(new Answer(
                            row[2],
                            domains.getOrDefault(row[2], ""),
                            Double.parseDouble(row[3]),
                            Double.parseDouble(row[4]),
                            0,
                            false));
        }
        return builds;
    }

    private static Map<String, String> domains() {
        Map<String, String> domains = new HashMap<>();
        for (String[] row : rows(ROOT.resolve("data/clinc150/clinc150.tsv.gz"), "\t")) {
            domains.put(row[3], row[2]);
        }
        return domains;
    }

    /// Rows of a compressed file, the header left out.
    static List<String[]> rows(Path file, String separator) {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(line -> line.split(separator, -1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    Answers part(int from, int until) {
        return new Answers(rows.subList(from, until));
    }

    int size() {
        return rows.size();
    }

    double[] values(ToDoubleFunction<Answer> of) {
        return rows.stream().mapToDouble(of).toArray();
    }

    /// As windows count it.
    Cells confidence() {
        Tally tally = new Tally();
        rows.forEach(row -> tally.add(Measures.CONFIDENCE, UnitGrid.cell(row.confidence()), 1));
        return Features.cells(tally.read(Measures.CONFIDENCE));
    }

    Cells entropy() {
        Tally tally = new Tally();
        rows.forEach(row -> tally.add(Measures.ENTROPY, LogGrid.cell(row.entropy()), 1));
        return Features.cells(tally.read(Measures.ENTROPY));
    }

    Cells tokens() {
        Tally tally = new Tally();
        rows.forEach(row -> tally.add(Measures.FEATURE + "tokens", ValueGrid.cell(row.tokens()), 1));
        return Features.cells(tally.read(Measures.FEATURE + "tokens"));
    }

    Cells labels() {
        return categories(true);
    }

    Cells domain() {
        return categories(false);
    }

    private Cells categories(boolean label) {
        Tally tally = new Tally();
        rows.forEach(row -> tally.add(Features.LABELS, LabelHash.bucket(label ? row.label() : row.domain()), 1));
        return Features.cells(tally.read(Features.LABELS));
    }
}
