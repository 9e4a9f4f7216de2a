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
import java.util.function.ToDoubleFunction;
import java.util.zip.GZIPInputStream;

/// The streams of `models` and `data`, run from the project's folder.
final class Streams {
    private static final Path ROOT = Path.of("");
    private static final String TOKENS = Measures.FEATURE + "tokens";

    /// Before the name of a build whose answers to `control` are the scenario.
    static final String BUILD = "build ";

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

    /// Traffic that changes, answered by one build, and traffic that does not, answered by others (`build …`).
    static List<Scenarios> scenarios() {
        Map<String, List<Answer>> byName = new LinkedHashMap<>();
        for (String[] row : rows("models/scenario-answers.tsv.gz", "\t")) {
            byName.computeIfAbsent(row[0], name -> new ArrayList<>())
                    .add(new Answer(row[3], number(row[4]), number(row[5]), number(row[6])));
        }
        Map<String, List<Answer>> withBuilds = new LinkedHashMap<>(byName);
        for (String[] row : rows("models/control-answers.tsv.gz", "\t")) {
            withBuilds
                    .computeIfAbsent(BUILD + row[0], name -> new ArrayList<>())
                    .add(new Answer(row[2], number(row[3]), number(row[4]), Double.NaN));
        }
        return List.of(
                scenarios("confidence", Measures.CONFIDENCE, false, withBuilds, Answer::confidence),
                scenarios("entropy", Measures.ENTROPY, false, withBuilds, Answer::entropy),
                scenarios("predicted domain", Features.LABELS, true, withBuilds, domains()),
                scenarios("tokens", TOKENS, false, byName, Answer::tokens));
    }

    /// @param tokens of the request; not known of builds, whose requests are those of `control`
    private record Answer(String label, double confidence, double entropy, double tokens) {}

    private static ToDoubleFunction<Answer> domains() {
        Map<String, String> domains = new HashMap<>();
        rows("data/clinc150/clinc150.tsv.gz", "\t").forEach(row -> domains.put(row[3], row[2]));
        Map<String, Integer> numbers = new TreeMap<>();
        domains.values().stream().distinct().sorted().forEach(domain -> numbers.put(domain, numbers.size()));
        return answer -> numbers.getOrDefault(domains.getOrDefault(answer.label(), ""), -1);
    }

    private static Scenarios scenarios(
            String feature,
            String measure,
            boolean categorical,
            Map<String, List<Answer>> answers,
            ToDoubleFunction<Answer> value) {
        Map<String, Sample> samples = new LinkedHashMap<>();
        answers.forEach((name, rows) -> samples.put(
                name,
                new Sample(
                        measure, categorical, rows.stream().mapToDouble(value).toArray())));
        return new Scenarios(feature, samples);
    }

    private static double number(String cell) {
        return Double.parseDouble(cell.strip());
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
        return rows.stream().mapToDouble(row -> number(row[column])).toArray();
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
