// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.statistics.calibration.Models.Confidences;
import io.edgewise.statistics.calibration.Models.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// How often one look is SAFE, on simulated models with fixed seeds.
class OneLookSimulationTest {
    private static final long SEED = 20_261_121;
    private static final OneLook FIRST = OneLook.first(0.05, 0.05);
    private static final OneLook ALMOST_ALL = new OneLook(1000, 0.05, 0.05 * Math.PI * Math.PI / 6, 1);

    @ParameterizedTest
    @EnumSource(Confidences.class)
    void aModelAtTheLimitIsRarelySafe(Confidences confidences) {
        assertRarelySafe(FIRST, confidences, 1000, 60);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void aModelAtTheLimitIsFalselySafeAtMostAsOftenAsPromised(Confidences confidences) {
        assertRarelySafe(FIRST, confidences, 1000, 2000);
    }

    /// The whole alpha of 5 % on one look, and few labels.
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void aModelAtTheLimitIsFalselySafeAtMostAsOftenAsPromisedWithOtherLabelsAndLevels(Confidences confidences) {
        assertRarelySafe(ALMOST_ALL, confidences, 1000, 2000);
        assertRarelySafe(FIRST, confidences, 300, 2000);
    }

    /// Two looks at growing labels share alpha: either is SAFE in at most 5 % of plans.
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void twoLooksTogetherKeepAlpha(Confidences confidences) {
        DoubleUnaryOperator accuracy = Models.accuracy(confidences, Shape.TOO_SURE, 0.05);
        OneLook second = FIRST.next(2000);
        SplittableRandom random = new SplittableRandom(SEED);
        int runs = 2000;
        int safe = 0;
        for (int run = 0; run < runs; run++) {
            CalibrationBins early = Models.draw(random, confidences, accuracy, 1000);
            CalibrationBins late = Models.draw(random, confidences, accuracy, 1000);
            Reliability both = reliability(early).plus(reliability(late));
            safe += FIRST.passes(early) || second.passes(both.bins()) ? 1 : 0;
        }
        assertThat(safe).as("%s, seed %d", confidences, SEED).isLessThanOrEqualTo(Models.most(runs, 0.05));
    }

    /// Power of the first look (level 3 %) for a perfect model, in points, measured in 2,000 runs with these seeds.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "SPREAD, 1000, 62",
        "SPREAD, 1500, 91",
        "SPREAD, 2000, 98",
        "SHARP, 500, 99",
        "SHARP, 1000, 100",
        "NETWORK, 1000, 98",
        "FULL, 1000, 39",
        "FULL, 1500, 78",
        "FULL, 2000, 94",
        "NARROW, 1000, 75"
    })
    void aPerfectModelIsShownSafe(Confidences confidences, int labels, double points) {
        double power = power(confidences, labels, 2000);

        assertThat(100 * power).as("%s, seed %d", confidences, SEED).isBetween(points - 2, points + 2);
    }

    @ParameterizedTest
    @CsvSource({"SPREAD, 2000, 0.9", "SHARP, 1000, 0.97", "NETWORK, 1000, 0.9"})
    void aPerfectModelIsMostlyShownSafe(Confidences confidences, int labels, double atLeast) {
        assertThat(power(confidences, labels, 100)).isGreaterThanOrEqualTo(atLeast);
    }

    /// The plan's own forecast against the simulation: 90 % power within 5 points.
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Confidences.class)
    void plannedLabelsReachThePlannedPower(Confidences confidences) {
        SplittableRandom random = new SplittableRandom(SEED);
        Reliability shape = reliability(Models.draw(random, confidences, c -> c, 20_000));
        int labels = (int) FIRST.labelsFor(shape, 0, 0.9).orElseThrow();

        double power = power(confidences, labels, 2000);
        assertThat(power).as("%s, %d labels", confidences, labels).isBetween(0.85, 0.96);
    }

    /// Wrong answers at the upper bound of their bins, right ones at the lower, where confidence minus correctness
    /// varies most: bin 7 alone, bin 14 alone, and all bins; looks 1, 2 and 3.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"1, 300", "1, 1000", "1, 5000", "2, 300", "2, 1000", "2, 5000", "3, 300", "3, 1000", "3, 5000"})
    void aModelAtTheLimitIsRarelySafeHoweverConfidenceAndCorrectnessCorrelate(int number, int labels) {
        OneLook look = new OneLook(labels, 0.05, 0.05, number);
        for (int[] bins : new int[][] {{7}, {14}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}}) {
            int runs = bins.length > 1 ? 3_000 : 20_000;
            SplittableRandom random = new SplittableRandom(SEED);
            int safe = 0;
            for (int run = 0; run < runs; run++) {
                safe += look.passes(correlated(random, bins, labels)) ? 1 : 0;
            }
            assertThat(safe)
                    .as("bins %s, look %d, %d labels", Arrays.toString(bins), number, labels)
                    .isLessThanOrEqualTo(Models.most(runs, look.level()));
        }
    }

    /// Even among these bins, ECE 0.05001 each.
    private static CalibrationBins correlated(SplittableRandom random, int[] bins, int labels) {
        long[] n = new long[15];
        long[] right = new long[15];
        double[] sums = new double[15];
        for (int i = 0; i < labels; i++) {
            int bin = bins[random.nextInt(bins.length)];
            double low = bin / 15.0;
            boolean wrong = random.nextDouble() < (1 - low + 0.05001) / (1 + 1 / 15.0);
            n[bin]++;
            right[bin] += wrong ? 0 : 1;
            sums[bin] += wrong ? (bin + 1) / 15.0 : low;
        }
        return new CalibrationBins(n, right, sums);
    }

    private static double power(Confidences confidences, int labels, int runs) {
        SplittableRandom random = new SplittableRandom(SEED);
        int safe = 0;
        for (int run = 0; run < runs; run++) {
            safe += FIRST.passes(Models.draw(random, confidences, c -> c, labels)) ? 1 : 0;
        }
        return (double) safe / runs;
    }

    private static void assertRarelySafe(OneLook look, Confidences confidences, int labels, int runs) {
        for (Shape shape : Shape.values()) {
            DoubleUnaryOperator accuracy = Models.accuracy(confidences, shape, 0.0501);
            if (Double.isNaN(accuracy.applyAsDouble(1))) {
                continue;
            }
            SplittableRandom random = new SplittableRandom(SEED);
            int safe = 0;
            for (int run = 0; run < runs; run++) {
                safe += look.passes(Models.draw(random, confidences, accuracy, labels)) ? 1 : 0;
            }
            assertThat(safe)
                    .as("%s, %s, %d labels, seed %d", confidences, shape, labels, SEED)
                    .isLessThanOrEqualTo(Models.most(runs, look.level()));
        }
    }

    private static Reliability reliability(CalibrationBins bins) {
        return new Reliability(bins.n(), bins.correct(), bins.confidenceSum());
    }
}
