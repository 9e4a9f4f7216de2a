// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.drift.Answers.Answer;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.drift.SampleBins;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.proportion.Proportion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The tables of `models/README.md` that are of windows drawn at random: other draws (fixed seeds) of as many windows
/// give
/// the same within their error.
class DrawnWindowsTest {
    private static final Map<String, Answers> SCENARIOS = Answers.scenarios();
    private static final double[] BASELINE = new Answers(answers("baseline")).values(Answer::confidence);
    private static final SampleBins BINS = SampleBins.orderStatistics(BASELINE, 10);
    private static final long[] BEFORE = BINS.counts(BASELINE);
    private static final Cells DOMAINS = new Answers(answers("baseline")).domain();
    private static final ReferenceBins DOMAIN_BINS = ReferenceBins.ofCategories(DOMAINS, Baseline.CATEGORIES);

    @ParameterizedTest(name = "windows of {0}")
    @CsvSource({
        "100,  0.0876, 0.1639, 0.0929, 0.331, 0.0913, 0.351, 0.006",
        "200,  0.0473, 0.0859, 0.0479, 0.024, 0.0458, 0.015, 0.012",
        "500,  0.0211, 0.0385, 0.0209, 0.000, 0.0168, 0.000, 0.009",
        "1000, 0.0122, 0.0202, 0.0119, 0.000, 0.0070, 0.000, 0.004"
    })
    void withoutChangeTheIndexIsAsLargeAsPrinted(
            int size,
            double mean,
            double q95,
            double expected,
            double above,
            double domainMean,
            double domainAbove,
            double ksBelow) {
        SplittableRandom random = new SplittableRandom(size);
        List<Answer> pool = answers("control");
        double[] values = new double[1_000];
        double[] domains = new double[values.length];
        int ks = 0;
        for (int i = 0; i < values.length; i++) {
            Answers window = drawn(pool, size, random);
            double[] confidences = window.values(Answer::confidence);
            values[i] = psi(confidences).value();
            domains[i] = psiOfDomains(window);
            ks += KolmogorovSmirnov.of(BASELINE, confidences).pOneSample() < 0.01 ? 1 : 0;
        }
        Arrays.sort(values);

        assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(mean, within(0.05 * mean));
        assertThat(values[950]).isCloseTo(q95, within(0.1 * q95));
        assertThat((10 - 1) * (1.0 / size + 1.0 / BASELINE.length)).isCloseTo(expected, within(5.1e-5));
        assertThat(shareAbove(values)).isCloseTo(above, within(0.05));
        assertThat(Arrays.stream(domains).average().orElseThrow()).isCloseTo(domainMean, within(0.06 * domainMean));
        assertThat(shareAbove(domains)).isCloseTo(domainAbove, within(0.05));
        assertThat(ks / 1_000.0).isCloseTo(ksBelow, within(0.01));
    }

    private static double shareAbove(double[] values) {
        return Arrays.stream(values).filter(value -> value > 0.1).count() / (double) values.length;
    }

    private static double psiOfDomains(Answers window) {
        return Psi.of(DOMAIN_BINS.counts(DOMAINS), DOMAIN_BINS.counts(window.domain()))
                .value();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "control,         0,    0,    0,    0,    0",
        "upper_case,      0,    0,    0,    0,    0",
        "oos_10,          0,    0,    0,    0,    0",
        "oos_30,          0.16, 0.60, 1,    0.26, 0.01",
        "oos_50,          1,    1,    1,    1,    0.98",
        "banking_only,    0,    0,    0,    1,    0",
        "typos_2,         0,    0,    0.18, 0,    0",
        "typos_5,         0,    0,    1,    0,    0",
        "typos_10,        1,    1,    1,    0,    0.61",
        "misheard_10,     0,    0,    0.64, 0,    0",
        "misheard_25,     0.73, 0.98, 1,    0,    0.05",
        "misheard_50,     1,    1,    1,    0.12, 1",
        "cut_off_4_words, 1,    1,    1,    0.40, 1"
    })
    void rulesFireInAsManyWindowsAsPrinted(
            String name, double fixed, double tested, double ks, double domain, double agreement) {
        SplittableRandom random = new SplittableRandom(500);
        List<Answer> pool = answers(name);
        int windows = 200;
        int byFixed = 0;
        int byTest = 0;
        int byKs = 0;
        int byDomain = 0;
        int byAgreement = 0;
        for (int i = 0; i < windows; i++) {
            Answers window = drawn(pool, 500, random);
            double[] confidences = window.values(Answer::confidence);
            Psi psi = psi(confidences);
            byFixed += psi.value() > 0.25 ? 1 : 0;
            byTest += psi.pAbove(0.1) < 0.01 ? 1 : 0;
            byKs += KolmogorovSmirnov.of(BASELINE, confidences).pLimit() < 0.001 ? 1 : 0;
            byDomain += psiOfDomains(window) > 0.25 ? 1 : 0;
            long agree = window.rows().stream().filter(Answer::agrees).count();
            byAgreement += new Proportion(agree, 500).wilson(0.05).high() < 0.85 ? 1 : 0;
        }
        sameShare(byFixed, fixed);
        sameShare(byTest, tested);
        sameShare(byKs, ks);
        sameShare(byDomain, domain);
        sameShare(byAgreement, agreement);
    }

    /// Both of 200 windows: within three standard errors of their difference, and one printed digit.
    private static void sameShare(int of200, double printed) {
        double error = 3 * Math.sqrt(2 * printed * (1 - printed) / 200);
        assertThat(of200 / 200.0).isCloseTo(printed, within(error + 0.01));
    }

    private static Psi psi(double[] window) {
        return Psi.of(BEFORE, BINS.counts(window));
    }

    private static List<Answer> answers(String scenario) {
        Answers answers = SCENARIOS.get(scenario);
        if (answers == null) {
            throw new IllegalArgumentException("there is no " + scenario);
        }
        return answers.rows();
    }

    /// Without replacement.
    private static Answers drawn(List<Answer> pool, int size, SplittableRandom random) {
        List<Answer> shuffled = new ArrayList<>(pool);
        for (int i = 0; i < size; i++) {
            Collections.swap(shuffled, i, i + random.nextInt(shuffled.size() - i));
        }
        return new Answers(List.copyOf(shuffled.subList(0, size)));
    }
}
