// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.calibration.Models.Confidences;
import io.edgewise.statistics.calibration.Models.Shape;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The noise floor and the interval on simulated models with fixed seeds.
class EceSimulationTest {
    private static final long SEED = 20_261_121;

    /// Mean plug-in ECE of a perfect model, and the share of runs above 5 %, as published for confidences ~ U(0.5, 1).
    @ParameterizedTest
    @CsvSource({"100, 0.090, 0.94", "200, 0.063, 0.77", "500, 0.042, 0.19", "1000, 0.029, 0.00", "2000, 0.020, 0.00"})
    void aPerfectModelShowsThePublishedNoise(int n, double mean, double aboveFive) {
        SplittableRandom random = new SplittableRandom(SEED);
        int runs = 300;
        double sum = 0;
        int above = 0;
        for (int run = 0; run < runs; run++) {
            double ece = Models.draw(random, Confidences.SPREAD, c -> c, n).ece();
            sum += ece;
            above += ece > 0.05 ? 1 : 0;
        }

        assertThat(sum / runs).isCloseTo(mean, within(0.0025));
        assertThat((double) above / runs).isCloseTo(aboveFive, within(0.06));
    }

    @ParameterizedTest
    @EnumSource(Confidences.class)
    void aPerfectModelStaysBelowTheNoiseFloor(Confidences confidences) {
        assertNoiseFloor(confidences, 200, 400, 0.90, 0.995);
    }

    /// Within 1.5 points of the 95 % it promises; up to 98 % where a few bins of small numbers make it discrete.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"50", "100", "300", "1000", "3000"})
    void theNoiseFloorIsThe95PercentQuantile(int n) {
        for (Confidences confidences : Confidences.values()) {
            assertNoiseFloor(confidences, n, 4000, 0.935, n < 300 ? 0.98 : 0.97);
        }
    }

    @ParameterizedTest
    @EnumSource(Confidences.class)
    void theIntervalHoldsTheTruth(Confidences confidences) {
        assertCoverage(confidences, 500, 20);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void theIntervalHoldsTheTruthAtLeastAsOftenAsItSays(Confidences confidences) {
        assertCoverage(confidences, 1000, 2000);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void theIntervalOfFewAnswersHoldsTheTruthAtLeastAsOftenAsItSays(Confidences confidences) {
        assertCoverage(confidences, 200, 2000);
    }

    @Test
    void theSimulatedIntervalIsTheOneThatIsGiven() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CalibrationBins bins = Models.draw(random, Models.of(seed), c -> 0.9 * c, random.nextInt(1, 2000));
            EceInterval interval = EceInterval.of(bins, 0.95);
            for (double ece : new double[] {
                0, interval.low() - 1e-9, interval.low() + 1e-9, interval.high() - 1e-9, interval.high() + 1e-9
            }) {
                assertThat(interval.contains(ece))
                        .as("seed %d ECE %s", seed, ece)
                        .isEqualTo(holds(bins, ece));
            }
        }
    }

    /// Whether the 95 % interval holds this ECE, without solving for its end.
    private static boolean holds(CalibrationBins bins, double ece) {
        return ece >= EceInterval.low(bins, 0.95)
                && ece <= 1
                && LeastFavourable.of(bins, 1).quantile(ece, Normal.twoSided(0.95)) <= EceInterval.observed(bins);
    }

    private static void assertNoiseFloor(Confidences confidences, int n, int runs, double low, double high) {
        SplittableRandom random = new SplittableRandom(SEED);
        int below = 0;
        for (int run = 0; run < runs; run++) {
            CalibrationBins bins = Models.draw(random, confidences, c -> c, n);
            below += bins.ece() <= bins.nullQuantile(0.95) ? 1 : 0;
        }
        assertThat((double) below / runs)
                .as("%s, n = %d, seed %d", confidences, n, SEED)
                .isBetween(low, high);
    }

    private static void assertCoverage(Confidences confidences, int n, int runs) {
        for (double ece : new double[] {0, 0.05, 0.15}) {
            for (Shape shape : Shape.values()) {
                DoubleUnaryOperator accuracy = ece == 0 ? c -> c : Models.accuracy(confidences, shape, ece);
                if (Double.isNaN(accuracy.applyAsDouble(1)) || ece == 0 && shape != Shape.TOO_SURE) {
                    continue;
                }
                double truth = Models.trueEce(confidences, accuracy);
                SplittableRandom random = new SplittableRandom(SEED);
                int held = 0;
                for (int run = 0; run < runs; run++) {
                    held += holds(Models.draw(random, confidences, accuracy, n), truth) ? 1 : 0;
                }
                assertThat(held)
                        .as("%s, %s, n = %d, ECE %s, seed %d", confidences, shape, n, ece, SEED)
                        .isGreaterThanOrEqualTo(Models.fewest(runs, 0.95));
            }
        }
    }
}
