// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalibrationBinsTest {
    @Test
    void noAnswersAreNoGoodCalibration() {
        for (CalibrationBins none : List.of(
                CalibrationBins.equalWidth(new double[0], new boolean[0], 15),
                CalibrationBins.equalMass(new double[0], new boolean[0], 15),
                Reliability.empty().bins(),
                new ConfidenceTable().equalMass(15))) {
            assertThat(none.ece()).isNaN();
            assertThat(none.mce()).isNaN();
            assertThat(none.rmsce()).isNaN();
            assertThat(none.squaredL2Debiased()).isNaN();
            assertThat(none.gap()).isNaN();
            assertThat(none.accuracy()).isNaN();
            assertThat(none.murphy().brier()).isNaN();
            assertThat(none.nullQuantile(0.95)).isNaN();
            assertThat(none.diagram(0.95)).isEmpty();
            assertThat(EceInterval.of(none, 0.95)).isEqualTo(new EceInterval(0, 1));
        }
        assertThat(Scores.brier(new double[0], new boolean[0])).isNaN();
        assertThat(Scores.logLoss(new double[0], new boolean[0])).isNaN();
        Multiclass none = Multiclass.of(new double[0][], new int[0]);
        assertThat(none.brier()).isNaN();
        assertThat(none.logLoss()).isNaN();
        assertThat(none.accuracy()).isNaN();
    }

    @Test
    void figuresKeepTheirOrderAndRange() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int n = random.nextInt(1, 300);
            int bins = random.nextInt(1, 40);
            double[] confidence = random.doubles(n).toArray();
            boolean[] correct = draw(random, confidence);
            for (CalibrationBins figures : List.of(
                    CalibrationBins.equalWidth(confidence, correct, bins),
                    CalibrationBins.equalMass(confidence, correct, bins))) {
                double ece = figures.ece();
                assertThat(figures.total()).as("seed %d", seed).isEqualTo(n);
                assertThat(ece).as("seed %d", seed).isBetween(Math.abs(figures.gap()) - 1e-12, 1.0);
                assertThat(figures.rmsce()).as("seed %d", seed).isGreaterThanOrEqualTo(ece - 1e-12);
                assertThat(figures.mce()).as("seed %d", seed).isGreaterThanOrEqualTo(figures.rmsce() - 1e-12);
                assertThat(figures.squaredL2Debiased())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(figures.murphy().reliability() + 1e-15);
                EceInterval interval = EceInterval.of(figures, 0.95);
                assertThat(interval.low()).as("seed %d", seed).isBetween(0.0, ece);
                assertThat(interval.high()).as("seed %d", seed).isBetween(Math.min(1, ece), 1.0);
                assertThat(figures.nullQuantile(0.95)).as("seed %d", seed).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void theOrderOfAnswersDoesNotMatter() {
        SplittableRandom random = new SplittableRandom(5);
        double[] confidence = random.doubles(200)
                .map(c -> Math.rint(c * 4096) / 4096)
                .distinct()
                .toArray();
        boolean[] correct = draw(random, confidence);
        double[] back = new double[confidence.length];
        boolean[] backCorrect = new boolean[confidence.length];
        for (int i = 0; i < back.length; i++) {
            back[i] = confidence[back.length - 1 - i];
            backCorrect[i] = correct[back.length - 1 - i];
        }
        assertThat(CalibrationBins.equalMass(back, backCorrect, 15))
                .isEqualTo(CalibrationBins.equalMass(confidence, correct, 15))
                .hasSameHashCodeAs(CalibrationBins.equalMass(confidence, correct, 15));
        assertThat(CalibrationBins.equalWidth(back, backCorrect, 9))
                .isEqualTo(CalibrationBins.equalWidth(confidence, correct, 9));
    }

    @Test
    void murphySumsToTheBrierScoreOfBinMeans() {
        double[] confidence = {0.2, 0.2, 0.2, 0.9, 0.9, 0.5};
        boolean[] correct = {false, true, false, true, true, false};

        assertThat(CalibrationBins.equalWidth(confidence, correct, 10).murphy().brier())
                .isCloseTo(Scores.brier(confidence, correct), within(1e-12));
    }

    @Test
    void diagramShowsWilsonIntervals() {
        for (Object[] known :
                new Object[][] {{85, 100, 0.767, 0.907}, {255, 300, 0.805, 0.886}, {850, 1000, 0.827, 0.871}}) {
            int right = (int) known[0];
            int n = (int) known[1];
            CalibrationBins bins =
                    new CalibrationBins(new long[] {0, n}, new long[] {0, right}, new double[] {0, 0.9 * n});

            DiagramPoint point = bins.diagram(0.95).getFirst();
            assertThat(point.bin()).isEqualTo(1);
            assertThat(point.n()).isEqualTo(n);
            assertThat(point.meanConfidence()).isCloseTo(0.9, within(1e-12));
            assertThat(point.gap()).isCloseTo(0.05, within(1e-12));
            assertThat(point.low()).isCloseTo((double) known[2], within(5.1e-4));
            assertThat(point.high()).isCloseTo((double) known[3], within(5.1e-4));
        }
        CalibrationBins extremes = new CalibrationBins(new long[] {3, 3}, new long[] {0, 3}, new double[] {0, 3});
        assertThat(extremes.diagram(0.95).getFirst().low()).isZero();
        assertThat(extremes.diagram(0.95).getLast().high()).isEqualTo(1);
    }

    @Test
    void certaintyHasNoNoise() {
        CalibrationBins sure =
                CalibrationBins.equalWidth(new double[] {1, 1, 0}, new boolean[] {true, true, false}, 15);

        assertThat(sure.nullQuantile(0.95)).isZero();
        assertThat(sure.ece()).isZero();
    }

    @Test
    void theNoiseFloorOfOneAnswerIsTheLargestGap() {
        CalibrationBins one = CalibrationBins.equalWidth(new double[] {0.7}, new boolean[] {true}, 15);

        assertThat(one.nullQuantile(0.95)).isCloseTo(0.7, within(1e-12));
    }

    @Test
    void moreAnswersNarrowTheInterval() {
        double width = 2;
        for (long n : new long[] {10, 100, 1000, 10_000, 1_000_000, 10_000_000_000L}) {
            CalibrationBins bins = new CalibrationBins(
                    new long[] {n, n}, new long[] {n / 2, 9 * (n / 10)}, new double[] {0.5 * n, 0.9 * n});
            EceInterval interval = EceInterval.of(bins, 0.95);

            assertThat(interval.low()).isZero();
            assertThat(interval.high()).isLessThan(width);
            width = interval.high();
        }
        assertThat(width).isLessThan(1e-4);
    }

    @Test
    void refusesWhatIsNoSample() {
        boolean[] one = {true};
        assertThatThrownBy(() -> CalibrationBins.equalWidth(new double[] {Double.NaN}, one, 15))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> CalibrationBins.equalMass(new double[] {1.5}, one, 15))
                .hasMessageContaining("[0, 1]");
        assertThatThrownBy(() -> CalibrationBins.equalMass(new double[] {0.5}, one, 0))
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> Scores.brier(new double[2], one)).hasMessageContaining("one confidence for each");
        assertThatThrownBy(() -> new CalibrationBins(new long[1], new long[2], new double[1]))
                .hasMessageContaining("of each bin");
        assertThatThrownBy(() -> new CalibrationBins(new long[1], new long[1], new double[] {0.5}))
                .hasMessageContaining("holds 0 confidences");
        assertThatThrownBy(() -> new CalibrationBins(new long[] {2}, new long[1], new double[] {2.1}))
                .hasMessageContaining("2.1");
        assertThatThrownBy(() -> new CalibrationBins(new long[1], new long[] {1}, new double[1]))
                .hasMessageContaining("bin 0");
        CalibrationBins bins = CalibrationBins.equalWidth(new double[] {0.5}, one, 15);
        assertThatThrownBy(() -> bins.nullQuantile(95)).hasMessageContaining("between 0 and 1");
        assertThatThrownBy(() -> bins.diagram(1)).hasMessageContaining("between 0 and 1");
        assertThatThrownBy(() -> EceInterval.of(bins, Double.NaN)).hasMessageContaining("between 0 and 1");
    }

    @Test
    void refusesWhatAreNoProbabilities() {
        assertThatThrownBy(() -> Multiclass.of(new double[][] {{0.5, 0.5}}, new int[] {2}))
                .hasMessageContaining("label 2");
        assertThatThrownBy(() -> Multiclass.of(new double[][] {{0.5, 0.6}}, new int[] {0}))
                .hasMessageContaining("not to 1");
        assertThatThrownBy(() -> Multiclass.of(new double[][] {{Double.NaN, 1}}, new int[] {0}))
                .hasMessageContaining("[0, 1]");
        assertThatThrownBy(() -> Multiclass.of(new double[1][1], new int[0])).hasMessageContaining("1 rows");
    }

    @Test
    void tellsItsContents() {
        CalibrationBins bins = CalibrationBins.equalWidth(new double[] {0.5}, new boolean[] {true}, 2);

        assertThat(bins.toString()).isEqualTo("CalibrationBins[n=[1, 0], correct=[1, 0], confidenceSum=[0.5, 0.0]]");
        assertThat(bins).isNotEqualTo(CalibrationBins.equalWidth(new double[] {0.5}, new boolean[] {false}, 2));
        assertThat(Arrays.stream(bins.confidenceSum()).sum()).isEqualTo(0.5);
    }

    static boolean[] draw(SplittableRandom random, double[] confidence) {
        boolean[] correct = new boolean[confidence.length];
        for (int i = 0; i < correct.length; i++) {
            correct[i] = random.nextDouble() < confidence[i];
        }
        return correct;
    }
}
