// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /// Found by maximising the likelihood numerically and solving for the score, without the closed form.
    @ParameterizedTest
    @CsvSource({
        "23, 75, 132, -0.515207777, -0.255052217",
        "0, 1, 44, -0.118077097, 0.059393231",
        "99, 1165, 1486, -0.745420950, -0.686420564",
        "12, 9, 40, -0.150797946, 0.292729610",
        "5, 0, 5, 0.131035070, 1",
        "0, 0, 10, -0.277532800, 0.277532800",
        "3, 0, 20, -0.035293932, 0.360418865"
    })
    void theScoreIntervalOfTheDifferenceIsTangos(long b, long c, long n, double low, double high) {
        Interval interval = new McNemar(n - b - c, b, c, 0).tango(0.05);

        assertThat(interval.low()).isCloseTo(low, within(1e-8));
        assertThat(interval.high()).isCloseTo(high, within(1e-8));
    }

    @Test
    void theScoreIntervalHoldsWhatItPromisesAlsoWherePairsAreFew() {
        SplittableRandom random = new SplittableRandom(7);
        for (double[] law : new double[][] {{0.05, 0.05}, {0.3, 0.1}, {0.02, 0.3}}) {
            int covered = 0;
            for (int run = 0; run < 4_000; run++) {
                long b = 0;
                long c = 0;
                for (int i = 0; i < 40; i++) {
                    double u = random.nextDouble();
                    b += u < law[0] ? 1 : 0;
                    c += u >= law[0] && u < law[0] + law[1] ? 1 : 0;
                }
                Interval interval = new McNemar(40 - b - c, b, c, 0).tango(0.05);
                covered += interval.low() <= law[0] - law[1] && law[0] - law[1] <= interval.high() ? 1 : 0;
            }
            assertThat(covered / 4_000.0).as("%s", law[0]).isBetween(0.93, 0.985);
        }
    }

    @Test
    void withoutPairsTheDifferenceMayBeAnything() {
        assertThat(new McNemar(0, 0, 0, 0).tango(0.05)).isEqualTo(new Interval(-1, 1));
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
