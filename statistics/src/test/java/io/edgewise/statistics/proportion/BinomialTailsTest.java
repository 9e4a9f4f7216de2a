// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BinomialTailsTest {
    @Test
    void tailsAreTheSumsOfTheirTerms() {
        SplittableRandom random = new SplittableRandom(11);
        for (int run = 0; run < 200; run++) {
            int n = random.nextInt(1, 300);
            int k = random.nextInt(n + 1);
            double p = random.nextDouble();
            double below = 0;
            for (int i = 0; i <= k; i++) {
                below += BinomialTails.exactly(i, n, p);
            }
            String what = "run " + run + ", k " + k + ", n " + n + ", p " + p;
            assertThat(BinomialTails.atMost(k, n, p)).as(what).isCloseTo(below, withinPercentage(1e-9));
            assertThat(BinomialTails.atLeast(k + 1L, n, p)).as(what).isCloseTo(1 - below, within(1e-12));
        }
    }

    /// Where 1 - (the other tail) would have no digit left.
    @Test
    void smallTailsKeepTheirDigits() {
        assertThat(BinomialTails.atMost(0, 1000, 0.5)).isCloseTo(StrictMath.pow(0.5, 1000), withinPercentage(1e-9));
        assertThat(BinomialTails.atLeast(1000, 1000, 0.5)).isCloseTo(StrictMath.pow(0.5, 1000), withinPercentage(1e-9));
        assertThat(BinomialTails.atMost(1, 60, 0.5)).isCloseTo(61 * StrictMath.pow(0.5, 60), withinPercentage(1e-10));
        assertThat(BinomialTails.atLeast(3, 1_000_000, 1e-12)).isCloseTo(1e-18 / 6, withinPercentage(1e-3));
        assertThat(BinomialTails.atMost(0, 1_000_000, 1e-4)).isCloseTo(3.6834e-44, withinPercentage(0.5));
    }

    @Test
    void edgesAreCertainOrImpossible() {
        assertThat(BinomialTails.atLeast(0, 10, 0.3)).isEqualTo(1);
        assertThat(BinomialTails.atLeast(11, 10, 0.3)).isZero();
        assertThat(BinomialTails.atMost(-1, 10, 0.3)).isZero();
        assertThat(BinomialTails.atMost(10, 10, 0.3)).isEqualTo(1);
        assertThat(BinomialTails.atLeast(1, 10, 0)).isZero();
        assertThat(BinomialTails.atLeast(10, 10, 1)).isEqualTo(1);
        assertThat(BinomialTails.atMost(9, 10, 1)).isZero();
        assertThat(BinomialTails.atMost(0, 10, 0)).isEqualTo(1);
        assertThat(BinomialTails.atMost(0, 0, 0.5)).isEqualTo(1);
        assertThat(BinomialTails.exactly(0, 0, 0.5)).isEqualTo(1);
        assertThat(BinomialTails.exactly(-1, 5, 0.5)).isZero();
        assertThat(BinomialTails.exactly(6, 5, 0.5)).isZero();
    }

    @Test
    void refusesWhatIsNoBinomial() {
        assertThatThrownBy(() -> BinomialTails.atLeast(1, -1, 0.5)).hasMessageStartingWith("BinomialTails: n = -1");
        assertThatThrownBy(() -> BinomialTails.atMost(1, 2, Double.NaN)).hasMessageContaining("p = NaN");
        assertThatThrownBy(() -> BinomialTails.exactly(1, 1L << 40, 0.5)).hasMessageContaining("beyond 2^31 - 1");
    }
}
