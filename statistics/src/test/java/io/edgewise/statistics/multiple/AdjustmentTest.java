// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdjustmentTest {
    private static final double ROUNDING = 1e-15;

    @ParameterizedTest
    @EnumSource(Adjustment.class)
    void noTestsAreNoDecisions(Adjustment adjustment) {
        assertThat(adjustment.adjusted(new double[0])).isEmpty();
        assertThat(adjustment.rejected(new double[0], 0.05)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Adjustment.class)
    void oneTestIsLeftAsItIs(Adjustment adjustment) {
        for (double p : new double[] {0, 1e-300, 0.03, 0.5, 1}) {
            assertThat(adjustment.adjusted(new double[] {p})[0]).isCloseTo(p, within(ROUNDING));
        }
    }

    @ParameterizedTest
    @EnumSource(Adjustment.class)
    void orderOfTheTestsDoesNotMatter(Adjustment adjustment) {
        for (int seed = 0; seed < 100; seed++) {
            double[] p = random(seed);
            double[] reversed = new double[p.length];
            for (int i = 0; i < p.length; i++) {
                reversed[p.length - 1 - i] = p[i];
            }
            double[] adjusted = adjustment.adjusted(p);
            double[] mirrored = adjustment.adjusted(reversed);
            for (int i = 0; i < p.length; i++) {
                assertThat(mirrored[p.length - 1 - i]).as("seed %d", seed).isEqualTo(adjusted[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Adjustment.class)
    void adjustedValuesAreOrderedAsTheGivenAndNeverSmaller(Adjustment adjustment) {
        for (int seed = 0; seed < 100; seed++) {
            double[] p = random(seed);
            Arrays.sort(p);
            double[] adjusted = adjustment.adjusted(p);
            for (int i = 0; i < p.length; i++) {
                assertThat(adjusted[i]).as("seed %d", seed).isBetween(p[i] - ROUNDING, 1.0);
                assertThat(adjusted[i]).as("seed %d", seed).isGreaterThanOrEqualTo(i == 0 ? 0 : adjusted[i - 1]);
            }
        }
    }

    @Test
    void strongerProceduresGiveSmallerValues() {
        for (int seed = 0; seed < 200; seed++) {
            double[] p = random(seed);
            assertNotAbove(seed, Adjustment.SIDAK, Adjustment.BONFERRONI, p);
            assertNotAbove(seed, Adjustment.HOLM, Adjustment.BONFERRONI, p);
            assertNotAbove(seed, Adjustment.HOMMEL, Adjustment.HOLM, p);
            assertNotAbove(seed, Adjustment.BENJAMINI_HOCHBERG, Adjustment.HOMMEL, p);
            assertNotAbove(seed, Adjustment.BENJAMINI_HOCHBERG, Adjustment.BENJAMINI_YEKUTIELI, p);
        }
    }

    /// Hommel's and Holm's procedures are closed testing: the adjusted value of a test is the largest
    /// p-value of the intersections that hold it, by Simes' and by Bonferroni's test.
    @Test
    void hommelAndHolmAreClosedTesting() {
        for (int seed = 0; seed < 100; seed++) {
            double[] p = Arrays.copyOf(random(seed), 2 + seed % 6);
            double[] hommel = Adjustment.HOMMEL.adjusted(p);
            double[] holm = Adjustment.HOLM.adjusted(p);
            for (int i = 0; i < p.length; i++) {
                assertThat(hommel[i]).as("seed %d", seed).isCloseTo(closed(p, i, true), within(1e-14));
                assertThat(holm[i]).as("seed %d", seed).isCloseTo(closed(p, i, false), within(1e-14));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesWhatIsNoPValue(double p) {
        assertThatThrownBy(() -> Adjustment.HOLM.adjusted(new double[] {0.5, p}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Adjustment: p-value 1 is " + p);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 5, Double.NaN})
    void refusesWhatIsNoAlpha(double alpha) {
        assertThatThrownBy(() -> Adjustment.HOLM.rejected(new double[] {0.5}, alpha))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alpha " + alpha);
    }

    private static double closed(double[] p, int test, boolean simes) {
        double largest = 0;
        for (int set = 1; set < 1 << p.length; set++) {
            if ((set >> test & 1) == 0) {
                continue;
            }
            int members = set;
            double[] within = IntStream.range(0, p.length)
                    .filter(i -> (members >> i & 1) == 1)
                    .mapToDouble(i -> p[i])
                    .sorted()
                    .toArray();
            double value = within.length * within[0];
            for (int j = 1; simes && j < within.length; j++) {
                value = Math.min(value, within.length * within[j] / (j + 1));
            }
            largest = Math.max(largest, Math.min(1, value));
        }
        return largest;
    }

    private static void assertNotAbove(int seed, Adjustment strong, Adjustment weak, double[] p) {
        double[] smaller = strong.adjusted(p);
        double[] larger = weak.adjusted(p);
        for (int i = 0; i < p.length; i++) {
            assertThat(smaller[i]).as("seed %d: %s and %s", seed, strong, weak).isLessThanOrEqualTo(larger[i] + 1e-14);
        }
    }

    /// 8 to 30 p-values with ties, zeros, ones and very small ones among them.
    private static double[] random(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] p = new double[random.nextInt(8, 31)];
        for (int i = 0; i < p.length; i++) {
            p[i] = switch (random.nextInt(6)) {
                case 0 -> StrictMath.pow(10, -random.nextInt(1, 12));
                case 1 -> 0.02;
                case 2 -> random.nextInt(2);
                default -> random.nextDouble() * random.nextDouble();
            };
        }
        return p;
    }
}
