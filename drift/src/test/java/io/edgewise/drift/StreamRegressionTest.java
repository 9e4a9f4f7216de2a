// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.SampleBins;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.ValueGrid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `data/drift` (Numenta Anomaly Benchmark): its expected values to the last printed digit, and what the live judge
/// says. Live windows are counted on cells of 1 %; bins that are cut from a grid differ from those of exact values,
/// by more where the series has many equal or near values. And the language-model traces: conversation against code
/// is a shift.
class StreamRegressionTest {
    private static final Path DATA = Path.of("../data");
    private static final String VALUE = Measures.FEATURE + "value";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ec2_request_latency_system_failure",
                "machine_temperature_system_failure",
                "cpu_utilization_asg_misconfiguration",
                "ambient_temperature_system_failure",
                "rogue_agent_key_hold",
                "rds_cpu_utilization_e47b3b"
            })
    void seriesHaveTheExpectedDistances(String name) throws IOException {
        double[] series = series(name);
        assertThat(expected(name)).isNotEmpty();
        for (JsonNode window : expected(name)) {
            double[] reference = reference(series, window);
            double[] current = current(series, window);
            SampleBins bins = SampleBins.orderStatistics(reference, 10);
            Psi psi = Psi.of(bins.counts(reference), bins.counts(current));
            KolmogorovSmirnov test = KolmogorovSmirnov.of(reference, current);

            assertThat(reference.length).isEqualTo(window.path("n").asInt());
            assertThat(bins.bins()).isEqualTo(window.path("bins").asInt());
            assertThat(psi.value()).isCloseTo(window.path("psi").asDouble(), within(1e-6));
            assertThat(psi.corrected())
                    .isCloseTo(window.path("psi_bias_corrected").asDouble(), within(1e-6));
            assertThat(test.d()).isCloseTo(window.path("ks").asDouble(), within(1e-6));
            assertThat(String.format(Locale.ROOT, "%.3e", test.pOneSample()))
                    .isEqualTo(String.format(
                            Locale.ROOT, "%.3e", window.path("ks_p").asDouble()));
        }
    }

    /// Reference and windows as in the table; windows of 76 to 135 rows are judged from 50 rows on, here only.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "ec2_request_latency_system_failure,   none none none",
        "machine_temperature_system_failure,   act act act act",
        "cpu_utilization_asg_misconfiguration, act",
        "ambient_temperature_system_failure,   act act",
        "rds_cpu_utilization_e47b3b,           act act"
    })
    void theLiveJudgeCallsThemSo(String name, String severities) throws IOException {
        double[] series = series(name);
        DriftJudge judge = new DriftJudge(DriftPolicy.DEFAULT.withMinimumWindow(50));
        StringBuilder said = new StringBuilder();
        for (JsonNode window : expected(name)) {
            Baseline baseline = Baseline.freeze(VALUE, cells(reference(series, window)), 500)
                    .orElseThrow();
            Score score = judge.scores(
                            List.of(new DriftJudge.Observed("all", baseline, cells(current(series, window)), Map.of())))
                    .getFirst();
            said.append(said.isEmpty() ? "" : " ").append(score.severity().text());
        }
        assertThat(said.toString()).isEqualTo(severities);
    }

    @Test
    void theSeriesWithoutChangeHasThePrintedDistancesAndIsCalm() {
        double[] series = series("art_daily_small_noise");
        double[] reference = head(series, 2_016);
        double[] current = Arrays.copyOfRange(series, 2_016, 4_032);
        SampleBins bins = SampleBins.orderStatistics(reference, 10);
        Baseline baseline = Baseline.freeze(VALUE, cells(reference), 500).orElseThrow();

        assertThat(Psi.of(bins.counts(reference), bins.counts(current)).value()).isCloseTo(0.016, within(0.0005));
        assertThat(KolmogorovSmirnov.of(reference, current).d()).isCloseTo(0.033, within(0.0005));
        assertThat(new DriftJudge(DriftPolicy.DEFAULT)
                        .scores(List.of(observed(baseline, current)))
                        .getFirst()
                        .severity())
                .isEqualTo(Severity.NONE);
    }

    /// Few bins, because a third of the reference is one value: nothing divides by a width or expects ten.
    @Test
    void aReferenceOfManyEqualValuesHasFewerBinsAndIsJudgedAllTheSame() throws IOException {
        JsonNode window = expected("rogue_agent_key_hold").get(1);
        double[] series = series("rogue_agent_key_hold");
        Baseline baseline =
                Baseline.freeze(VALUE, cells(reference(series, window)), 500).orElseThrow();

        Score score = new DriftJudge(DriftPolicy.DEFAULT.withMinimumWindow(50))
                .scores(List.of(new DriftJudge.Observed("all", baseline, cells(current(series, window)), Map.of())))
                .getFirst();

        assertThat(baseline.bins().bins()).isLessThan(12);
        assertThat(score.index().orElseThrow().psi()).isBetween(0.5, 3.0);
    }

    /// Conversation itself moves within its hour (PSI 0.35 between the first half and the last requests), so every
    /// other
    /// request of it is the baseline and the rest is what has not moved.
    @Test
    void fromConversationToCodePromptsGrowAndAnswersShrink() {
        DriftJudge judge = new DriftJudge(DriftPolicy.DEFAULT);
        double[] prompts = trace("conversation", 1);
        double[] answers = trace("conversation", 2);
        Baseline before =
                Baseline.freeze(VALUE, cells(every(prompts, 0)), 1_000).orElseThrow();
        Baseline length = Baseline.freeze(Features.OUTPUT_LENGTH, cells(every(answers, 0)), 1_000)
                .orElseThrow();

        List<Score> same =
                judge.scores(List.of(observed(before, every(prompts, 1)), observed(length, every(answers, 1))));
        List<Score> moved = judge.scores(List.of(
                observed(before, head(trace("code", 1), 300)), observed(length, head(trace("code", 2), 300))));

        assertThat(same).extracting(Score::severity).containsOnly(Severity.NONE);
        assertThat(moved).extracting(Score::severity).containsOnly(Severity.ACT);
        assertThat(moved.get(1).moved().getFirst().range()).startsWith("up to ");
        assertThat(moved.get(1).moved().getFirst().now()).isGreaterThan(0.5);
    }

    /// Even or odd rows.
    private static double[] every(double[] values, int from) {
        return IntStream.range(0, values.length)
                .filter(i -> i % 2 == from)
                .mapToDouble(i -> values[i])
                .toArray();
    }

    private static DriftJudge.Observed observed(Baseline baseline, double[] values) {
        return new DriftJudge.Observed("all", baseline, cells(values), Map.of());
    }

    private static double[] head(double[] values, int n) {
        return Arrays.copyOf(values, n);
    }

    private static double[] trace(String service, int column) {
        return Answers.rows(DATA.resolve("llm-traces/azure_llm_2023_" + service + ".csv.gz"), ",").stream()
                .mapToDouble(row -> Double.parseDouble(row[column].strip()))
                .toArray();
    }

    private static double[] series(String name) {
        return Answers.rows(DATA.resolve("drift/nab/" + name + ".csv.gz"), ",").stream()
                .mapToDouble(row -> Double.parseDouble(row[1].strip()))
                .toArray();
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(DATA.resolve("drift/expected.json").toFile())
                .path("nab")
                .path(name)
                .path("windows");
    }

    private static double[] reference(double[] series, JsonNode window) {
        return head(series, window.path("n").asInt());
    }

    private static double[] current(double[] series, JsonNode window) {
        return Arrays.copyOfRange(
                series,
                window.path("rows").get(0).asInt(),
                window.path("rows").get(1).asInt() + 1);
    }

    private static Cells cells(double[] values) {
        Tally tally = new Tally();
        for (double value : values) {
            tally.add(VALUE, ValueGrid.cell(value), 1);
        }
        return Features.cells(tally.read(VALUE));
    }
}
