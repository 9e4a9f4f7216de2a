// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.calibration.Models.Confidences;
import io.edgewise.statistics.calibration.OneLook.Answer;
import io.edgewise.statistics.calibration.OneLook.Finding;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OneLookTest {
    private static final OneLook FIRST = OneLook.first(0.05, 0.05);

    @Test
    void looksShareAlpha() {
        double spent = 0;
        OneLook look = FIRST;
        for (int k = 1; k <= 2000; k++) {
            spent += look.level();
            look = look.next(look.labels() + 1);
        }
        assertThat(FIRST.level()).isCloseTo(0.05 * 0.6079271018540267, within(1e-15));
        assertThat(spent).isBetween(0.0499, 0.05);
    }

    @Test
    void waitsForThePlannedLabels() {
        Answer none = FIRST.at(Reliability.empty());
        assertThat(none.finding()).isEqualTo(Finding.WAITING);
        assertThat(none.labelsNeeded()).hasValue(1000);
        assertThat(none.upper()).isEqualTo(1);
        assertThat(none.ece()).isNaN();

        Answer few = FIRST.at(perfect(999));
        assertThat(few.finding()).isEqualTo(Finding.WAITING);
        assertThat(few.labelsNeeded()).hasValue(1);
    }

    @Test
    void showsAPerfectModelSafe() {
        Answer answer = FIRST.at(perfect(1000));

        assertThat(answer.finding()).isEqualTo(Finding.SAFE);
        assertThat(answer.upper()).isLessThanOrEqualTo(0.05);
        assertThat(answer.ece()).isLessThanOrEqualTo(answer.critical());
        assertThat(answer.labelsNeeded()).hasValue(0);
    }

    @Test
    void doesNotShowAModelAtTheLimitAndSaysThatMoreLabelsWouldNotHelp() {
        long[] n = new long[15];
        long[] correct = new long[15];
        double[] sums = new double[15];
        n[13] = 1000;
        correct[13] = 800;
        sums[13] = 900;

        Answer answer = FIRST.at(new Reliability(n, correct, sums));
        assertThat(answer.finding()).isEqualTo(Finding.NOT_SHOWN);
        assertThat(answer.upper()).isGreaterThan(0.1);
        assertThat(answer.labelsNeeded()).isEmpty();
    }

    @Test
    void saysHowManyMoreLabelsANextLookNeeds() {
        SplittableRandom random = new SplittableRandom(8);
        Answer answer = null;
        while (answer == null
                || answer.finding() != Finding.NOT_SHOWN
                || answer.labelsNeeded().isEmpty()) {
            CalibrationBins bins = Models.draw(random, Confidences.FULL, c -> c, 1000);
            answer = FIRST.at(new Reliability(bins.n(), bins.correct(), bins.confidenceSum()));
        }
        assertThat(answer.labelsNeeded().getAsLong()).isBetween(100L, 1_000_000L);
    }

    /// The bound is below the limit exactly where the finding is SAFE, and never below the plug-in value.
    @Test
    void boundAndFindingAgree() {
        for (long seed = 1; seed <= 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Confidences confidences = Models.of(seed);
            double off = random.nextDouble(0, 0.06);
            CalibrationBins bins = Models.draw(random, confidences, c -> c - off, 1000);
            Answer answer = FIRST.at(new Reliability(bins.n(), bins.correct(), bins.confidenceSum()));

            assertThat(answer.finding() == Finding.SAFE)
                    .as("seed %d", seed)
                    .isEqualTo(answer.ece() <= answer.critical());
            assertThat(answer.upper() <= 0.05 + 1e-12).as("seed %d", seed).isEqualTo(answer.finding() == Finding.SAFE);
            assertThat(answer.upper()).as("seed %d", seed).isGreaterThan(answer.ece());
        }
    }

    /// The critical value does not depend on the labels, is below the limit, and rises with it.
    @Test
    void theCriticalValueIsMonotoneInTheLimit() {
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Confidences confidences = Models.of(seed);
            CalibrationBins bins = Models.draw(random, confidences, c -> c, random.nextInt(20, 5000));
            LeastFavourable law = LeastFavourable.of(bins, 1);
            double before = -1;
            for (double limit = 0.01; limit < 0.5; limit += 0.01) {
                double critical = law.quantile(limit, 1.8745);
                assertThat(critical)
                        .as("seed %d limit %s", seed, limit)
                        .isLessThanOrEqualTo(limit)
                        .isGreaterThan(before);
                before = critical;
            }
        }
    }

    @Test
    void plansLabels() {
        Reliability shape = perfect(1000);
        long perfect = FIRST.labelsFor(shape, 0, 0.9).orElseThrow();
        long slightlyOff = FIRST.labelsFor(shape, 0.02, 0.9).orElseThrow();

        assertThat(perfect).isBetween(300L, 3000L);
        assertThat(slightlyOff).isGreaterThan(perfect);
        assertThat(FIRST.labelsFor(shape, 0.05, 0.9)).isEmpty();
        assertThat(FIRST.labelsFor(shape, Double.NaN, 0.9)).isEmpty();
        assertThat(FIRST.labelsFor(Reliability.empty(), 0, 0.9)).isEmpty();
    }

    @Test
    void oneLabelShowsNothing() {
        OneLook early = new OneLook(1, 0.05, 0.05, 1);

        assertThat(early.at(Reliability.of(0.9, true)).finding()).isEqualTo(Finding.NOT_SHOWN);
        assertThat(early.at(Reliability.of(1, true)).finding()).isEqualTo(Finding.NOT_SHOWN);
        assertThat(early.at(Reliability.of(0, false)).finding()).isEqualTo(Finding.NOT_SHOWN);
    }

    /// A change here changes recorded decisions: it needs a new version of the statistics.
    @Test
    void givesTheSameNumbersForever() {
        Answer answer = FIRST.at(perfect(1000));

        assertThat(new double[] {answer.ece(), answer.critical(), answer.upper()})
                .containsExactly(9.999999999999716E-4, 0.028205425783712153, 0.003614752528980984);
    }

    @Test
    void refusesPlansThatCannotBe() {
        assertThatThrownBy(() -> new OneLook(0, 0.05, 0.05, 1)).hasMessageContaining("0 labels");
        assertThatThrownBy(() -> new OneLook(1000, 5, 0.05, 1)).hasMessageContaining("limit 5.0");
        assertThatThrownBy(() -> new OneLook(1000, 0.05, Double.NaN, 1)).hasMessageContaining("alpha NaN");
        assertThatThrownBy(() -> new OneLook(1000, 0.05, 0.05, 0)).hasMessageContaining("look 0");
        assertThatThrownBy(() -> FIRST.next(1000)).hasMessageContaining("plan more");
    }

    /// Correct answers as expected, in bins of confidence 0.7 to 0.99.
    private static Reliability perfect(long n) {
        long[] counts = new long[15];
        long[] correct = new long[15];
        double[] sums = new double[15];
        long left = n;
        for (int bin = 11; bin < 15; bin++) {
            counts[bin] = bin == 14 ? left : n / 5;
            left -= counts[bin];
            double confidence = (bin + 0.5) / 15;
            sums[bin] = counts[bin] * confidence;
            correct[bin] = Math.round(sums[bin]);
        }
        return new Reliability(counts, correct, sums);
    }
}
