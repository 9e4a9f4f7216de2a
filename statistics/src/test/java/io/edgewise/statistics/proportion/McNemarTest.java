// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class McNemarTest {
    @Test
    void swappingTheTwoMirrorsEverything() {
        SplittableRandom random = new SplittableRandom(41);
        for (int run = 0; run < 300; run++) {
            long b = random.nextLong(run % 2 == 0 ? 20 : 100_000);
            long c = random.nextLong(run % 2 == 0 ? 20 : 100_000);
            McNemar test = new McNemar(random.nextLong(100), b, c, random.nextLong(100));
            McNemar swapped = new McNemar(test.bothWrong(), c, b, test.bothRight());

            assertThat(test.pExact())
                    .as("run %d", run)
                    .isEqualTo(swapped.pExact())
                    .isBetween(0.0, 1.0);
            assertThat(test.differenceOfRates()).as("run %d", run).isEqualTo(-swapped.differenceOfRates());
            assertThat(test.pFirstBetter()).as("run %d", run).isEqualTo(swapped.pSecondBetter());
            if (b + c > 0) {
                assertThat(test.pMid())
                        .as("run %d", run)
                        .isEqualTo(swapped.pMid())
                        .isBetween(0.0, 1.0);
                assertThat(test.pMid()).as("run %d", run).isLessThanOrEqualTo(test.pExact());
                assertThat(test.chi2()).as("run %d", run).isEqualTo(swapped.chi2());
                assertThat(test.pChi2()).as("run %d", run).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void withoutPairsNothingIsShown() {
        McNemar test = new McNemar(0, 0, 0, 0);

        assertThat(test.differenceOfRates()).isNaN();
        assertThat(test.pExact()).isEqualTo(1);
        assertThat(test.pMid()).isNaN();
        assertThat(test.pMidFagerland()).isNaN();
    }

    /// Where the two are equally good b is binomial(d, 1/2), so sizes are sums: no simulation is needed.
    @Test
    void exactTestsNeverRejectTooOften() {
        for (int d = 0; d <= 200; d++) {
            for (double alpha : new double[] {0.1, 0.05, 0.01}) {
                assertThat(size(d, alpha, McNemar::pExact)).as("%d", d).isLessThanOrEqualTo(alpha + 1e-12);
                assertThat(size(d, alpha, McNemar::pFirstBetter)).as("%d", d).isLessThanOrEqualTo(alpha + 1e-12);
                assertThat(size(d, alpha, McNemar::pSecondBetter)).as("%d", d).isLessThanOrEqualTo(alpha + 1e-12);
            }
        }
    }

    /// Measured at alpha 0.05 over 1 to 200 discordant pairs: the worst sizes of the approximations.
    @Test
    void sizesOfTheApproximationsAreThoseMeasured() {
        assertThat(worst(McNemar::pMid)).isCloseTo(WORST_MID, within(1e-4));
        assertThat(worst(McNemar::pMidFagerland)).isCloseTo(WORST_MID, within(1e-4));
        assertThat(worst(McNemar::pChi2)).isCloseTo(WORST_CHI2, within(1e-4));
        assertThat(worst(McNemar::pChi2Corrected)).isCloseTo(WORST_CORRECTED, within(1e-4));
    }

    private static final double WORST_MID = 0.07681;
    private static final double WORST_CHI2 = 0.125;
    private static final double WORST_CORRECTED = 0.04917;

    @Test
    void refusesNegativeCountsAndOverflow() {
        assertThatThrownBy(() -> new McNemar(1, -1, 0, 0)).hasMessageStartingWith("McNemar: [[1, -1], [0, 0]]");
        assertThatThrownBy(() -> new McNemar(Long.MAX_VALUE, 1, 0, 0)).isInstanceOf(ArithmeticException.class);
    }

    private static double worst(ToDoubleFunction<McNemar> p) {
        double worst = 0;
        for (int d = 1; d <= 200; d++) {
            worst = Math.max(worst, size(d, 0.05, p));
        }
        return worst;
    }

    private static double size(int discordant, double alpha, ToDoubleFunction<McNemar> p) {
        double size = 0;
        for (int b = 0; b <= discordant; b++) {
            if (p.applyAsDouble(new McNemar(0, b, discordant - b, 0)) <= alpha) {
                size += BinomialTails.exactly(b, discordant, 0.5);
            }
        }
        return size;
    }
}
