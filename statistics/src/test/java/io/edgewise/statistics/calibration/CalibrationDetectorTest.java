// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.calibration.Models.Confidences;
import io.edgewise.statistics.calibration.Models.Shape;
import io.edgewise.statistics.sequential.Detector;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// [BinEvidence] by the detector: roll-back for calibration.
class CalibrationDetectorTest {
    private static final long SEED = 20_261_121;
    private static final BinEvidence FIVE_POINTS = new BinEvidence(0.05);

    /// 14 days, 8 guardrails, 1 %, the first share.
    private static final double FORTNIGHT = 18.89;

    @Test
    void weightsDivideTheFirstStake() {
        double[] weights = FIVE_POINTS.weights();

        assertThat(weights).hasSize(31 * 16);
        assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(weights).min().orElseThrow()).isPositive();
    }

    @Test
    void blocksWithoutLabelsAreTime() {
        assertThat(FIVE_POINTS.growth(Reliability.empty())).hasSize(31 * 16).containsOnly(0);
        Detector detector = FIVE_POINTS.start();
        assertThat(detector.logValue()).isEqualTo(Double.NEGATIVE_INFINITY);
        for (int i = 0; i < 50; i++) {
            detector = detector.next(FIVE_POINTS.growth(Reliability.empty()));
        }
        assertThat(Math.exp(detector.logValue())).isCloseTo(50, within(1e-9));
    }

    @Test
    void goesOnFromAKeptState() {
        double[] growth = FIVE_POINTS.growth(counts(12, 20, 12, 16.9));
        Detector detector = FIVE_POINTS.start().next(growth);

        assertThat(FIVE_POINTS.resume(detector.logM())).isEqualTo(detector);
        assertThatThrownBy(() -> FIVE_POINTS.resume(new double[16])).hasMessageContaining("state of 16 bets");
        assertThatThrownBy(() -> Detector.start(new double[] {0.5, 0})).hasMessageContaining("weight 0.0 of bet 1");
        assertThatThrownBy(() -> Detector.start(new double[0])).hasMessageContaining("no bets");
    }

    /// No bet gains on average, whatever the signs of the gaps: exactly, over all outcomes of a block.
    @Test
    void noBetGainsWhereTheEceIsAtTheMargin() {
        for (int signs = 0; signs < 4; signs++) {
            double first = 0.7 - ((signs & 1) == 0 ? 0.05 : -0.05);
            double second = 0.4 - ((signs & 2) == 0 ? 0.05 : -0.05);
            double[] mean = new double[31 * 16];
            for (int labels = 0; labels < 16; labels++) {
                Reliability block = Reliability.empty();
                double probability = 1;
                for (int i = 0; i < 4; i++) {
                    boolean right = (labels >> i & 1) == 1;
                    double share = i < 2 ? first : second;
                    block = block.plus(Reliability.of(i < 2 ? 0.7 : 0.4, right));
                    probability *= right ? share : 1 - share;
                }
                double[] growth = FIVE_POINTS.growth(block);
                for (int bet = 0; bet < mean.length; bet++) {
                    mean[bet] += probability * Math.exp(growth[bet]);
                }
            }
            assertThat(Arrays.stream(mean).max().orElseThrow())
                    .as("signs %d", signs)
                    .isLessThanOrEqualTo(1 + 1e-12);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.10, 1.35", "0.15, 1.35", "-0.10, 1.35"})
    void findsALateRegressionAsSoonAsAFreshOne(double gap, double ratio) {
        int fresh = delays(0, gap, 21)[10];
        int late = delays(4_000, gap, 21)[10];

        assertThat((double) late / fresh).as("fresh %d, late %d", fresh, late).isBetween(0.6, ratio);
    }

    /// Blocks of 10 labels at confidence 0.85; median labels to the threshold in 200 runs each.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"0.10, 2200, 3200", "0.15, 550, 850"})
    void findsALateRegressionAsSoonAsAFreshOneInManyRuns(double gap, int atLeast, int atMost) {
        int runs = 200;
        int fresh = delays(0, gap, runs)[runs / 2];
        int late = delays(4_000, gap, runs)[runs / 2];
        int cumulative = cumulativeDelay(4_000, gap);
        System.out.println("gap " + gap + ": fresh " + fresh + ", after 4,000 good labels " + late
                + ", by totals after 4,000 " + cumulative);

        assertThat(fresh).isBetween(atLeast, atMost);
        assertThat(late).isBetween(atLeast, atMost);
        assertThat(cumulative).isGreaterThan(2 * late);
    }

    @ParameterizedTest
    @EnumSource(Confidences.class)
    void rarelyAlarmsAtTheMargin(Confidences confidences) {
        assertFewAlarms(confidences, Shape.TOO_SURE, 60, 20, 10);
    }

    /// 100 blocks with gaps at the margin, looked at after each; A = T / alpha, 5 %.
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void falseAlarmsAreAtMostThePromised(Confidences confidences) {
        assertFewAlarms(confidences, Shape.TOO_SURE, 2_000, 100, 20);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void falseAlarmsAreAtMostThePromisedForGapsInBothDirections(Confidences confidences) {
        assertFewAlarms(confidences, Shape.ALTERNATING, 2_000, 100, 20);
    }

    /// Gaps that change sign once along the confidence; that change it often are found by totals only.
    @Test
    void findsGapsOfEitherSign() {
        Detector detector = FIVE_POINTS.start();
        Reliability block = counts(3, 10, 4, 2.4).plus(counts(12, 10, 7, 8.4));
        int blocks = 0;
        while (!detector.crosses(FORTNIGHT)) {
            detector = detector.next(FIVE_POINTS.growth(block));
            blocks++;
        }
        assertThat(blocks).isBetween(20, 80);
    }

    /// Computed by another program in another language. A change here changes recorded decisions: it needs a new
    /// version of the statistics.
    @Test
    void givesTheSameNumbersForever() {
        double[] first = FIVE_POINTS.growth(counts(12, 20, 12, 16.9).plus(counts(3, 5, 1, 1.2)));

        assertThat(FIVE_POINTS.start().next(first).peek(FIVE_POINTS.growth(counts(12, 30, 18, 25.3))))
                .isEqualTo(2.61346458467837)
                .isCloseTo(2.613464584678372, within(1e-13));
    }

    private static void assertFewAlarms(Confidences confidences, Shape shape, int runs, int blocks, int perBlock) {
        DoubleUnaryOperator accuracy = c -> Math.clamp(c - 0.05 * shape.gap(c), 0, 1);
        SplittableRandom random = new SplittableRandom(SEED);
        double threshold = Math.log(blocks / 0.05);
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            Detector detector = FIVE_POINTS.start();
            boolean alarmed = false;
            for (int block = 0; block < blocks && !alarmed; block++) {
                CalibrationBins more = Models.draw(random, confidences, accuracy, perBlock);
                detector = detector.next(
                        FIVE_POINTS.growth(new Reliability(more.n(), more.correct(), more.confidenceSum())));
                alarmed = detector.crosses(threshold);
            }
            alarms += alarmed ? 1 : 0;
        }
        assertThat(alarms).as("%s, seed %d", confidences, SEED).isLessThanOrEqualTo(Models.most(runs, 0.05));
    }

    /// Labels after the change, ascending.
    private static int[] delays(int good, double gap, int runs) {
        double[][] growth = new double[11][];
        for (int right = 0; right <= 10; right++) {
            growth[right] = FIVE_POINTS.growth(counts(12, 10, right, 8.5));
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int[] delays = new int[runs];
        for (int run = 0; run < runs; run++) {
            Detector detector = FIVE_POINTS.start();
            for (int block = 0; block < good / 10; block++) {
                detector = detector.next(growth[right(random, 0.85, 10)]);
            }
            while (!detector.crosses(FORTNIGHT)) {
                detector = detector.next(growth[right(random, 0.85 - gap, 10)]);
                delays[run] += 10;
            }
        }
        Arrays.sort(delays);
        return delays;
    }

    /// Labels that the evidence on totals needs, each rate as expected.
    private static int cumulativeDelay(int good, double gap) {
        for (int labels = 0; ; labels += 100) {
            long right = Math.round(good * 0.85 + labels * (0.85 - gap));
            int n = good + labels;
            if (FIVE_POINTS.logEceE(counts(12, n, right, 0.85 * n)) >= FORTNIGHT) {
                return labels;
            }
        }
    }

    private static int right(SplittableRandom random, double share, int n) {
        int right = 0;
        for (int i = 0; i < n; i++) {
            right += random.nextDouble() < share ? 1 : 0;
        }
        return right;
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
