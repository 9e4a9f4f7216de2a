// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PSI and Kolmogorov-Smirnov of real series with known changes, as NumPy and SciPy compute them.
class NabGoldenTest {
    private static final Path FOLDER = Repository.DATA.resolve("drift");

    /// Values that hold a tenth of the reference have bins of their own here (docs/adr/0013), there they do not: the
    /// index by that rule, as a program in Python computes it.
    private static final Map<String, Double> WITH_ATOMS = Map.of(
            "rogue_agent_key_hold [669,763]", 0.6390627580,
            "rogue_agent_key_hold [1240,1334]", 1.3640263939,
            "rds_cpu_utilization_e47b3b [846,1046]", 1.3375124549,
            "rds_cpu_utilization_e47b3b [2485,2685]", 5.9898397997);

    private static final double SIX_DIGITS = 5.1e-7;

    @TempDir
    Path folder;

    @Test
    void driftOfEveryWindowIsTheExpectedOne() throws IOException {
        JsonNode expected =
                new ObjectMapper().readTree(FOLDER.resolve("expected.json").toFile());
        int windows = 0;
        for (Map.Entry<String, JsonNode> series : expected.required("nab").properties()) {
            List<Map<String, String>> rows =
                    Repository.table(FOLDER.resolve("nab/" + series.getKey() + ".csv.gz"), ",");
            for (JsonNode window : series.getValue().required("windows")) {
                windows++;
                JsonNode column = drift(rows, window);
                JsonNode test = column.required("distribution");
                String what = series.getKey() + " " + window.required("rows");
                assertThat(column.required("counted").textValue()).isEqualTo("every value kept");
                assertThat(test.required("d").doubleValue())
                        .as(what)
                        .isCloseTo(window.required("ks").doubleValue(), within(SIX_DIGITS));
                double p = window.required("ks_p").doubleValue();
                assertThat(test.required("pAsymptotic").doubleValue()).as(what).isCloseTo(p, within(6e-4 * p + 1e-300));
                double psi = column.required("psi").required("value").doubleValue();
                assertThat(psi)
                        .as(what)
                        .isCloseTo(
                                WITH_ATOMS.getOrDefault(
                                        what, window.required("psi").doubleValue()),
                                within(SIX_DIGITS));
            }
        }
        assertThat(windows).isEqualTo(14);
    }

    @Test
    void theSeriesWithoutAChangeIsStable() throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(FOLDER.resolve("expected.json").toFile())
                .required("nab")
                .required("art_daily_small_noise")
                .required("no_change_second_half");
        List<Map<String, String>> rows = Repository.table(FOLDER.resolve("nab/art_daily_small_noise.csv.gz"), ",");

        JsonNode column = drift(rows.subList(0, 2016), rows.subList(2016, 4032));

        assertThat(column.required("psi").required("value").doubleValue())
                .isCloseTo(expected.required("psi").doubleValue(), within(SIX_DIGITS));
        assertThat(column.required("psi").required("corrected").doubleValue())
                .isCloseTo(expected.required("psi_bias_corrected").doubleValue(), within(SIX_DIGITS));
        assertThat(column.required("verdict").textValue()).isEqualTo("STABLE");
    }

    private JsonNode drift(List<Map<String, String>> rows, JsonNode window) throws IOException {
        int reference = window.required("n").intValue();
        int from = window.required("rows").required(0).intValue();
        int to = window.required("rows").required(1).intValue() + 1;
        return drift(rows.subList(0, reference), rows.subList(from, to));
    }

    private JsonNode drift(List<Map<String, String>> before, List<Map<String, String>> now) throws IOException {
        Path baseline = values("baseline.csv", before);
        Path current = values("current.csv", now);
        return Run.of("drift", "--baseline", baseline.toString(), "--current", current.toString(), "--format", "json")
                .json()
                .required("columns")
                .required(0);
    }

    private Path values(String name, List<Map<String, String>> rows) throws IOException {
        return Repository.csv(
                folder.resolve(name),
                "value",
                rows.stream().map(row -> row.getOrDefault("value", "")).toList());
    }
}
