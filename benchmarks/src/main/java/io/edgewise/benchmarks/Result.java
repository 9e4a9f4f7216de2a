// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One figure, with what it is compared with and how to get it again.
public record Result(
        String name,
        double value,
        String unit,
        double baseline,
        String baselineIs,
        String command,
        Map<String, Object> more) {
    private static final Path FOLDER = Path.of("benchmarks", "results");

    double ratio() {
        return value / baseline;
    }

    void write() throws IOException {
        write(name, json());
    }

    /// Several figures of one run in one file.
    public static void write(String name, List<Result> figures) throws IOException {
        List<Map<String, Object>> each = new ArrayList<>();
        for (Result figure : figures) {
            each.add(figure.json());
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("figures", each);
        write(name, json);
    }

    private Map<String, Object> json() throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("value", rounded(value));
        json.put("unit", unit);
        json.put("baseline", rounded(baseline));
        json.put("baselineIs", baselineIs);
        json.put("ratio", rounded(ratio()));
        json.putAll(more);
        json.put("command", command);
        json.put("commit", commit());
        json.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        json.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " cores, Java "
                        + Runtime.version().feature());
        return json;
    }

    private static void write(String name, Map<String, Object> json) throws IOException {
        Files.createDirectories(FOLDER);
        String text =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json);
        Files.writeString(FOLDER.resolve(name + ".json"), text + "\n");
        System.out.println(text);
    }

    private static double rounded(double figure) {
        return Math.round(figure * 1000) / 1000.0;
    }

    private static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
        try (java.io.InputStream out = git.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
