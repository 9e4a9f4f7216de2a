// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.drift.Features;
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
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/// The streams of `models` and `data`, run from the project's folder.
final class Streams {
    private static final Path ROOT = Path.of("");
    private static final String TOKENS = Measures.FEATURE + "tokens";

    private Streams() {}

    /// One feature of every scenario.
    record Scenarios(String feature, Map<String, Sample> byName) {
        Sample named(String name) {
            Sample sample = byName.get(name);
            if (sample == null) {
                throw new IllegalArgumentException("there is no scenario " + name);
            }
            return sample;
        }
    }

    static List<Scenarios> scenarios() {
        Map<String, String> domains = new HashMap<>();
        rows("data/clinc150/clinc150.tsv.gz", "\t").forEach(row -> domains.put(row[3], row[2]));
        Map<String, Integer> numbers = new TreeMap<>();
        domains.values().stream().distinct().sorted().forEach(domain -> numbers.put(domain, numbers.size()));
        Map<String, List<String[]>> byName = new LinkedHashMap<>();
        for (String[] row : rows("models/scenario-answers.tsv.gz", "\t")) {
            byName.computeIfAbsent(row[0], name -> new ArrayList<>()).add(row);
        }
        Map<String, Sample> confidence = new LinkedHashMap<>();
        Map<String, Sample> domain = new LinkedHashMap<>();
        Map<String, Sample> tokens = new LinkedHashMap<>();
        byName.forEach((name, rows) -> {
            confidence.put(name, new Sample(Measures.CONFIDENCE, false, column(rows, 4)));
            tokens.put(name, new Sample(TOKENS, false, column(rows, 6)));
            domain.put(
                    name,
                    new Sample(
                            Features.LABELS,
                            true,
                            rows.stream()
                                    .mapToDouble(row -> numbers.getOrDefault(domains.getOrDefault(row[3], ""), -1))
                                    .toArray()));
        });
        return List.of(
                new Scenarios("confidence", confidence),
                new Scenarios("predicted domain", domain),
                new Scenarios("tokens", tokens));
    }

    static Sample nab(String name) {
        return new Sample(
                Measures.FEATURE + "value", false, column(rows("data/drift/nab/" + name + ".csv.gz", ","), 1));
    }

    static Sample trace(String service, int column) {
        return new Sample(
                Measures.FEATURE + "tokens",
                false,
                column(rows("data/llm-traces/azure_llm_2023_" + service + ".csv.gz", ","), column));
    }

    private static double[] column(List<String[]> rows, int column) {
        return rows.stream()
                .mapToDouble(row -> Double.parseDouble(row[column].strip()))
                .toArray();
    }

    private static List<String[]> rows(String file, String separator) {
        Path path = ROOT.resolve(file);
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(line -> line.split(separator, -1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read; run from the project's folder.", e);
        }
    }
}
