// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /// By mpmath: the beta integral.
    @ParameterizedTest
    @CsvSource({
        "510, 1000, 0.5, 0.2739863729617, 0.02065635164951",
        "50010000, 100000000, 0.5, 0.02275553131481, 1.079819334763e-5",
        "1000300000, 100000000000, 0.01, 7.55640643709e-22, 2.313787957855e-25",
        "500002000000, 1000000000000, 0.5, 3.167137566294e-5, 2.676604515261e-10",
        "499999990000000, 1000000000000000, 0.5, 0.7364553818961, 2.065766189869e-8",
        "10000000200000000, 1000000000000000000, 0.01, 0.02221159306567, 5.317774071301e-10",
        "500000005000000000, 1000000000000000000, 0.5, 7.619853101107e-24, 1.538919725341e-31",
        "3, 1000000000000000000, 1e-18, 0.08030139707139, 0.06131324019524",
        "20, 1000000000000000000, 1e-17, 0.003454341975857, 0.001866081313999",
        "7000000000, 1000000000000000000, 7e-09, 0.5000015894232, 4.768272286721e-6"
    })
    void countsOfAnySizeKeepTheirDigits(long k, long n, double p, double atLeast, double exactly) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(BinomialTails.atLeast(k, n, p)).isCloseTo(atLeast, within(1e-6 * atLeast));
            assertThat(BinomialTails.atMost(k - 1, n, p)).isCloseTo(1 - atLeast, within(1e-6));
            assertThat(BinomialTails.exactly(k, n, p)).isCloseTo(exactly, within(1e-6 * exactly));
        });
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
    }
}
