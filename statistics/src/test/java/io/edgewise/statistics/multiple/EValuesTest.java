// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EValuesTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    @Test
    void noEValuesAreNoEvidence() {
        assertThat(EValues.logMean(new double[0])).isZero();
        assertThat(EValues.benjaminiHochberg(new double[0], 0.05)).isEmpty();
        assertThat(EValues.weightedBonferroni(new double[0], new double[0], 0.05))
                .isEmpty();
    }

    @Test
    void zeroAndInfiniteEValuesAreValues() {
        assertThat(EValues.logMean(new double[] {-INFINITE, -INFINITE})).isEqualTo(-INFINITE);
        assertThat(EValues.logMean(new double[] {-INFINITE, 3})).isCloseTo(3 - Math.log(2), within(1e-15));
        assertThat(EValues.logMean(new double[] {INFINITE, -INFINITE})).isEqualTo(INFINITE);
        assertThat(EValues.logMean(new double[] {-5000, -5000})).isEqualTo(-5000);
        assertThat(EValues.benjaminiHochberg(new double[] {INFINITE, -INFINITE, 0}, 0.05))
                .containsExactly(true, false, false);
    }

    @Test
    void orderDoesNotMatterToTheLastBit() {
        for (int seed = 0; seed < 100; seed++) {
            double[] logE = random(seed, 40);
            double[] reversed = new double[logE.length];
            for (int i = 0; i < logE.length; i++) {
                reversed[i] = logE[logE.length - 1 - i];
            }
            boolean[] rejected = EValues.benjaminiHochberg(logE, 0.1);
            boolean[] mirrored = EValues.benjaminiHochberg(reversed, 0.1);

            assertThat(EValues.logMean(reversed)).as("seed %d", seed).isEqualTo(EValues.logMean(logE));
            for (int i = 0; i < logE.length; i++) {
                assertThat(mirrored[logE.length - 1 - i]).as("seed %d", seed).isEqualTo(rejected[i]);
            }
        }
    }

    @Test
    void rejectsExactlyThoseOfTheDefinition() {
        for (int seed = 0; seed < 300; seed++) {
            double[] logE = random(seed, 1 + seed % 30);
            boolean[] rejected = EValues.benjaminiHochberg(logE, 0.1);
            int best = 0;
            for (int k = 1; k <= logE.length; k++) {
                double least = Math.log(logE.length / (0.1 * k));
                int enough = 0;
                for (double value : logE) {
                    enough += value >= least ? 1 : 0;
                }
                best = enough >= k ? k : best;
            }
            int count = 0;
            for (int i = 0; i < logE.length; i++) {
                count += rejected[i] ? 1 : 0;
                assertThat(rejected[i])
                        .as("seed %d", seed)
                        .isEqualTo(best > 0 && logE[i] >= Math.log(logE.length / (0.1 * best)));
            }
            assertThat(count).as("seed %d", seed).isEqualTo(best);
        }
    }

    @Test
    void moreEvidenceNeverTakesARejectionAway() {
        for (int seed = 0; seed < 100; seed++) {
            double[] logE = random(seed, 20);
            boolean[] before = EValues.benjaminiHochberg(logE, 0.1);
            logE[seed % 20] += 2;
            boolean[] after = EValues.benjaminiHochberg(logE, 0.1);
            for (int i = 0; i < 20; i++) {
                assertThat(after[i] || !before[i]).as("seed %d", seed).isTrue();
            }
        }
    }

    @Test
    void weightedBonferroniShareOneAlpha() {
        double[] logE = {7, 6.5, 6.3, 100};
        double[] weights = {1.0 / 6, 1.0 / 6, 1.0 / 6, 0};

        assertThat(EValues.weightedBonferroni(logE, weights, 0.01)).containsExactly(true, true, false, false);
        assertThat(EValues.weightedBonferroni(new double[] {Math.log(100)}, new double[] {1}, 0.01))
                .containsExactly(true);
    }

    @Test
    void refusesWhatIsNoEValueNoWeightAndNoAlpha() {
        double[] nan = {0, Double.NaN};
        assertThatThrownBy(() -> EValues.logMean(nan)).hasMessageStartingWith("EValues: ln e-value 1 is NaN");
        assertThatThrownBy(() -> EValues.benjaminiHochberg(nan, 0.05)).hasMessageContaining("is NaN");
        assertThatThrownBy(() -> EValues.weightedBonferroni(nan, nan, 0.05)).hasMessageContaining("is NaN");
        assertThatThrownBy(() -> EValues.weightedBonferroni(new double[2], new double[1], 0.05))
                .hasMessageContaining("2 e-values but 1 weights");
        assertThatThrownBy(() -> EValues.weightedBonferroni(new double[2], new double[] {0.6, 0.5}, 0.05))
                .hasMessageContaining("add up to 1.1");
        assertThatThrownBy(() -> EValues.weightedBonferroni(new double[2], new double[] {1.1, -0.1}, 0.05))
                .hasMessageContaining("weight 1.1");
        assertThatThrownBy(() -> EValues.weightedBonferroni(new double[1], new double[] {Double.NaN}, 0.05))
                .hasMessageContaining("weight NaN");
        assertThatThrownBy(() -> EValues.benjaminiHochberg(new double[1], 1)).hasMessageContaining("alpha 1.0");
        assertThatThrownBy(() -> EValues.logThreshold(0, 0.05)).hasMessageContaining("weight 0.0");
    }

    @Test
    void manyEqualWeightsMayUseUpAlpha() {
        for (int n = 1; n < 200; n++) {
            double[] weights = new double[n];
            Arrays.fill(weights, 1.0 / n);
            assertThat(EValues.weightedBonferroni(new double[n], weights, 0.05))
                    .hasSize(n)
                    .doesNotContain(true);
        }
    }

    private static double[] random(int seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] logE = new double[n];
        for (int i = 0; i < n; i++) {
            logE[i] = random.nextInt(4) == 0 ? 4 : random.nextDouble(-5, 7);
        }
        return logE;
    }
}
