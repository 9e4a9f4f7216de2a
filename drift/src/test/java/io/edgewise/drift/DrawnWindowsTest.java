// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.drift.Answers.Answer;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.SampleBins;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The tables of `models/README.md` that are of windows drawn at random: other draws (fixed seeds) of as many windows
/// give
/// the same within their error.
class DrawnWindowsTest {
    private static final Map<String, Answers> SCENARIOS = Answers.scenarios();
    private static final double[] BASELINE = confidences("baseline");
    private static final SampleBins BINS = SampleBins.orderStatistics(BASELINE, 10);
    private static final long[] BEFORE = BINS.counts(BASELINE);

    @ParameterizedTest(name = "windows of {0}")
    @CsvSource({
        "100,  0.0876, 0.1639, 0.331",
        "200,  0.0473, 0.0859, 0.024",
        "500,  0.0211, 0.0385, 0.000",
        "1000, 0.0122, 0.0202, 0.000"
    })
    void withoutChangeTheIndexIsAsLargeAsPrinted(int size, double mean, double q95, double above) {
        SplittableRandom random = new SplittableRandom(size);
        double[] pool = confidences("control");
        double[] values = new double[1_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = psi(drawn(pool, size, random)).value();
        }
        Arrays.sort(values);

        assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(mean, within(0.05 * mean));
        assertThat(values[950]).isCloseTo(q95, within(0.1 * q95));
        assertThat(Arrays.stream(values).filter(value -> value > 0.1).count() / 1_000.0)
                .isCloseTo(above, within(0.05));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "control,         0,    0,    0",
        "upper_case,      0,    0,    0",
        "oos_10,          0,    0,    0",
        "oos_30,          0.16, 0.60, 1",
        "oos_50,          1,    1,    1",
        "banking_only,    0,    0,    0",
        "typos_2,         0,    0,    0.18",
        "typos_5,         0,    0,    1",
        "typos_10,        1,    1,    1",
        "misheard_10,     0,    0,    0.64",
        "misheard_25,     0.73, 0.98, 1",
        "misheard_50,     1,    1,    1",
        "cut_off_4_words, 1,    1,    1"
    })
    void rulesFireInAsManyWindowsAsPrinted(String name, double fixed, double tested, double ks) {
        SplittableRandom random = new SplittableRandom(500);
        double[] pool = confidences(name);
        int windows = 200;
        int byFixed = 0;
        int byTest = 0;
        int byKs = 0;
        for (int i = 0; i < windows; i++) {
            double[] window = drawn(pool, 500, random);
            Psi psi = psi(window);
            byFixed += psi.value() > 0.25 ? 1 : 0;
            byTest += psi.pAbove(0.1) < 0.01 ? 1 : 0;
            byKs += KolmogorovSmirnov.of(BASELINE, window).pLimit() < 0.001 ? 1 : 0;
        }
        double error = 0.13;
        assertThat((double) byFixed / windows).isCloseTo(fixed, within(error));
        assertThat((double) byTest / windows).isCloseTo(tested, within(error));
        assertThat((double) byKs / windows).isCloseTo(ks, within(error));
    }

    private static Psi psi(double[] window) {
        return Psi.of(BEFORE, BINS.counts(window));
    }

    private static double[] confidences(String scenario) {
        Answers answers = SCENARIOS.get(scenario);
        if (answers == null) {
            throw new IllegalArgumentException("there is no " + scenario);
        }
        return answers.values(Answer::confidence);
    }

    /// Without replacement.
    private static double[] drawn(double[] pool, int size, SplittableRandom random) {
        double[] shuffled = pool.clone();
        for (int i = 0; i < size; i++) {
            int other = i + random.nextInt(shuffled.length - i);
            double kept = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = kept;
        }
        return Arrays.copyOf(shuffled, size);
    }
}
