// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.calibration.Models.Confidences;
import io.edgewise.statistics.calibration.Models.Shape;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BinEvidenceTest {
    private static final long SEED = 20_261_121;
    private static final BinEvidence FIVE_POINTS = new BinEvidence(0.05);

    @Test
    void noAnswersAreNoEvidence() {
        assertThat(FIVE_POINTS.logE(Reliability.empty())).isZero();
        assertThat(FIVE_POINTS.logEceE(Reliability.empty())).isZero();
        assertThat(FIVE_POINTS.logEByBin(Reliability.empty())).containsOnly(0).hasSize(15);
    }

    /// In every bin: never more evidence than from single answers.
    @Test
    void binSumsNeverGiveMoreEvidenceThanSingleAnswers() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int bin = random.nextInt(15);
            int n = random.nextInt(1, 300);
            double share = random.nextDouble();
            Reliability counts = Reliability.empty();
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                double confidence = (bin + 1 - random.nextDouble()) / 15;
                boolean correct = random.nextDouble() < share;
                counts = counts.plus(oneIn(bin, confidence, correct));
                values[i] = confidence - (correct ? 1 : 0);
            }
            Values all =
                    new Values(values, LongStream.generate(() -> 1).limit(n).toArray());
            double low = bin / 15.0 - 1;
            double high = (bin + 1) / 15.0;
            double sure = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.05, low, high).logE(all);
            double unsure = new MeanTest(Purpose.BREACH, Side.BELOW, -0.05, low, high).logE(all);
            double exact = Math.log((Math.exp(sure) + Math.exp(unsure)) / 2);
            double ours = FIVE_POINTS.logEByBin(counts)[bin];

            assertThat(ours).as("seed %d", seed).isLessThanOrEqualTo(exact + 1e-9);
            if (exact > 5) {
                assertThat(ours).as("seed %d", seed).isGreaterThan(0.6 * exact);
            }
        }
    }

    @Test
    void allConfidencesAtABoundLoseNothing() {
        Reliability counts = counts(12, 500, 200, 500 * (13 / 15.0));
        Values all = new Values(new double[] {13 / 15.0, 13 / 15.0 - 1}, new long[] {300, 200});
        double sure = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.05, 12 / 15.0 - 1, 13 / 15.0).logE(all);

        assertThat(FIVE_POINTS.logEByBin(counts)[12]).isCloseTo(sure - Math.log(2), within(1e-6));
    }

    @Test
    void findsMiscalibrationInEitherDirection() {
        assertThat(FIVE_POINTS.logE(counts(12, 1000, 600, 833))).isGreaterThan(20);
        assertThat(FIVE_POINTS.logEceE(counts(12, 1000, 600, 833))).isGreaterThan(20);
        assertThat(FIVE_POINTS.logE(counts(7, 1000, 760, 500))).isGreaterThan(20);
        assertThat(FIVE_POINTS.logEceE(counts(7, 1000, 760, 500))).isGreaterThan(20);
        assertThat(FIVE_POINTS.logE(counts(12, 1000, 833, 833))).isLessThan(0);
        assertThat(FIVE_POINTS.logEceE(counts(12, 1000, 833, 833))).isLessThan(0);
    }

    /// One bad bin of small weight: a finding per bin, but no ECE above the margin.
    @Test
    void theTwoHypothesesDiffer() {
        Reliability counts = counts(12, 40_000, 33_333, 33_333.3).plus(counts(7, 800, 100, 400));

        assertThat(FIVE_POINTS.logE(counts)).isGreaterThan(20);
        assertThat(FIVE_POINTS.logEceE(counts)).isLessThan(0);
    }

    /// Gaps of different signs that cancel in the mean.
    @Test
    void findsAnEceWhoseGapsCancel() {
        Reliability counts = counts(12, 1000, 600, 833).plus(counts(7, 1000, 733, 500));

        assertThat(counts.gap()).isCloseTo(0, within(1e-3));
        assertThat(FIVE_POINTS.logEceE(counts)).isGreaterThan(20);
    }

    @Test
    void dependsOnTotalsOnly() {
        Reliability one = counts(12, 100, 60, 83);
        Reliability two = counts(3, 50, 10, 12);

        assertThat(FIVE_POINTS.logE(one.plus(two))).isEqualTo(FIVE_POINTS.logE(two.plus(one)));
        assertThat(FIVE_POINTS.logEceE(one.plus(two))).isEqualTo(FIVE_POINTS.logEceE(two.plus(one)));
    }

    @ParameterizedTest
    @EnumSource(Confidences.class)
    void aModelWithinTheMarginRarelyAlarms(Confidences confidences) {
        assertRarelyAlarms(confidences, Shape.TOO_SURE, 60, 20);
    }

    /// Looking 40 times along 3,000 answers, with gaps at the margin.
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void aModelTooSureByTheMarginAlarmsAtMostAsOftenAsPromised(Confidences confidences) {
        assertRarelyAlarms(confidences, Shape.TOO_SURE, 2000, 40);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void aModelOffByTheMarginInBothDirectionsAlarmsAtMostAsOftenAsPromised(Confidences confidences) {
        assertRarelyAlarms(confidences, Shape.ALTERNATING, 2000, 40);
    }

    @Test
    void refusesMarginsThatCannotBe() {
        assertThatThrownBy(() -> new BinEvidence(5)).hasMessageContaining("margin 5.0");
        assertThatThrownBy(() -> new BinEvidence(Double.NaN)).hasMessageContaining("NaN");
        assertThat(new BinEvidence(0.1).margin()).isEqualTo(0.1);
    }

    /// Computed by another program in another language, equal in every digit. A change here changes recorded decisions:
    /// it needs a new version of the statistics.
    @Test
    void givesTheSameNumbersForever() {
        Reliability counts = counts(12, 1000, 700, 833).plus(counts(3, 50, 10, 12));

        assertThat(new double[] {FIVE_POINTS.logE(counts), FIVE_POINTS.logEceE(counts)})
                .containsExactly(10.722155559845644, 12.815204047195364);
    }

    private static void assertRarelyAlarms(Confidences confidences, Shape shape, int runs, int looks) {
        DoubleUnaryOperator accuracy = c -> Math.clamp(c - 0.05 * shape.gap(c), 0, 1);
        assertFew(confidences, accuracy, runs, looks, FIVE_POINTS::logE);
        assertFew(confidences, accuracy, runs, looks, FIVE_POINTS::logEceE);
    }

    private static void assertFew(
            Confidences confidences,
            DoubleUnaryOperator accuracy,
            int runs,
            int looks,
            ToDoubleFunction<Reliability> e) {
        SplittableRandom random = new SplittableRandom(SEED);
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            Reliability counts = Reliability.empty();
            boolean alarmed = false;
            for (int look = 0; look < looks && !alarmed; look++) {
                CalibrationBins more = Models.draw(random, confidences, accuracy, 75);
                counts = counts.plus(new Reliability(more.n(), more.correct(), more.confidenceSum()));
                alarmed = e.applyAsDouble(counts) >= Math.log(20);
            }
            alarms += alarmed ? 1 : 0;
        }
        assertThat(alarms).as("%s, seed %d", confidences, SEED).isLessThanOrEqualTo(Models.most(runs, 0.05));
    }

    private static Reliability oneIn(int bin, double confidence, boolean correct) {
        return counts(bin, 1, correct ? 1 : 0, confidence);
    }

    private static Reliability counts(int bin, long n, long correct, double sum) {
        long[] counts = new long[15];
        long[] right = new long[15];
        double[] sums = new double[15];
        counts[bin] = n;
        right[bin] = correct;
        sums[bin] = sum;
        return new Reliability(counts, right, sums);
    }
}
