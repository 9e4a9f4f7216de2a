// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixtureTest {
    private static final double ALPHA = 0.05;

    private static List<Mixture> all(double v) {
        return List.of(
                NormalMixture.best(v, ALPHA, false),
                NormalMixture.best(v, ALPHA, true),
                GammaExponentialMixture.best(v, ALPHA, 2),
                GammaPoissonMixture.best(v, ALPHA, 2),
                BetaBinomialMixture.best(v, ALPHA, 0.2, 0.8, false),
                BetaBinomialMixture.best(v, ALPHA, 0.2, 0.8, true));
    }

    /// The numbers of confseq's own tests, which took them from an implementation in R: value at sum 10
    /// and boundary at alpha 0.05, both at intrinsic time 100.
    @ParameterizedTest
    @CsvSource({
        "0, -0.6510052, 30.35209",
        "1, -0.06502391, 27.66071",
        "2, -0.2490165, 33.02017",
        "3, -0.06991219, 30.1949",
        "4, -0.6941012, 31.4308",
        "5, -0.07134019, 28.41238"
    })
    void equalsThePublishedNumbers(int which, double logValue, double bound) {
        Mixture mixture = all(100).get(which);

        assertThat(mixture.logValue(10, 100)).isCloseTo(logValue, within(5e-8));
        assertThat(mixture.bound(100, ALPHA)).isCloseTo(bound, within(5e-5));
    }

    @Test
    void tunesAsPublished() {
        assertThat(NormalMixture.bestRho(100, ALPHA, false)).isCloseTo(12.60056, within(5e-6));
        assertThat(NormalMixture.bestRho(100, ALPHA, true)).isCloseTo(15.80063490685053, within(1e-12));
    }

    @Test
    void beginsWithOneAndReachesTheThresholdAtTheBoundary() {
        for (double v : new double[] {1e-3, 1, 37, 1e4, 1e7}) {
            for (Mixture mixture : all(v)) {
                double bound = mixture.bound(v, ALPHA);
                assertThat(mixture.logValue(0, 0)).as("%s", mixture).isCloseTo(0, within(1e-12));
                if (bound < mixture.largestSum(v)) {
                    assertThat(mixture.logValue(bound, v))
                            .as("%s v %s", mixture, v)
                            .isCloseTo(Math.log(20), within(1e-6));
                } else {
                    assertThat(mixture.logValue(bound, v)).isLessThan(Math.log(20) + 1e-9);
                }
                assertThat(mixture.bound(v, 0.01)).isGreaterThanOrEqualTo(bound);
                assertThat(mixture.bound(2 * v, ALPHA)).isGreaterThanOrEqualTo(bound);
            }
        }
    }

    /// Nothing that a stream can do gives more than it should: the value is convex in the sum, and large
    /// sums win.
    @Test
    void growsWithTheSumBeyondItsMinimum() {
        for (Mixture mixture : all(100)) {
            double before = mixture.logValue(0, 100);
            for (double s = 2; s <= Math.min(mixture.largestSum(100), 400); s += 2) {
                double now = mixture.logValue(s, 100);
                assertThat(now).as("%s at %s", mixture, s).isGreaterThan(before);
                before = now;
            }
        }
    }

    /// The tails, computed with mpmath at 40 digits.
    @ParameterizedTest
    @CsvSource({
        "10, 100, 12.5, -0.15083739089284072",
        "-90, 100, 12.5, -3.4761734618914981",
        "-200, 100, 12.5, -4.264037390648947",
        "-1000, 100, 12.5, -5.8707947778496582",
        "1e5, 1e9, 1e8, 4.0383688482828758"
    })
    void oneSidedNormalHoldsInTheTails(double s, double v, double rho, double expected) {
        assertThat(new NormalMixture(rho, true).logValue(s, v)).isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "1e5, 3.33443349174064, 3.33499778497836",
        "-1e5, -3.76304832563825, -3.76272800946831",
        "0, -2.30771174884902, -2.30740880598477"
    })
    void gammaMixturesHoldForABillion(double s, double exponential, double poisson) {
        assertThat(new GammaExponentialMixture(1e7, 2).logValue(s, 1e9)).isCloseTo(exponential, within(1e-8));
        assertThat(new GammaPoissonMixture(1e7, 2).logValue(s, 1e9)).isCloseTo(poisson, within(1e-8));
    }

    /// mpmath at 40 digits.
    @ParameterizedTest
    @CsvSource({
        "930020000, 69980000, 0.93, 1, 1, -7.7362746482334664",
        "10000300, 989999700, 0.01, 1, 1, -11.74574438104486",
        "500000000, 500000000, 0.5, 1, 1, -10.135841566578478",
        "0, 1000000000, 1e-9, 1, 1, -19.723265837446411",
        "3, 5, 0.25, 0.5, 0.5, -0.99325177301028339",
        "999999990, 10, 0.99999999, 2, 3, -52.723527319329804",
        "1000000000, 0, 0.999, 1, 1, 1000479.6103176964"
    })
    void betaMixtureHoldsForABillion(long k, long m, double p, double a, double b, double expected) {
        double tolerance = 1e-9 * Math.max(1, Math.abs(expected) / 1000);

        assertThat(BetaMixture.log((double) k, (double) m, p, 1 - p, a, b)).isCloseTo(expected, within(tolerance));
        assertThat(BetaMixture.log((double) m, (double) k, 1 - p, p, b, a)).isCloseTo(expected, within(tolerance));
    }

    @ParameterizedTest
    @CsvSource({
        "930020000, 69980000, 0.93, -5.0836271917825624",
        "929980000, 70020000, 0.93, -10.099163725892035",
        "929000000, 71000000, 0.93, -13.888147200039406",
        "930000000, 70000000, 0.93, -8.8425535917613226",
        "10000300, 989999700, 0.01, -12.355474836575537",
        "7, 3, 0.5, 0.31900454358082206",
        "1, 30, 0.5, -3.4032155458183926"
    })
    void cutBetaMixtureHoldsForABillion(long k, long m, double p, double expected) {
        assertThat(BetaMixture.logAbove((double) k, (double) m, p, 1 - p, 1, 1)).isCloseTo(expected, within(1e-8));
        assertThat(BetaMixture.logBelow((double) m, (double) k, 1 - p, p, 1, 1)).isCloseTo(expected, within(1e-8));
    }

    /// The whole mixture is the weighted mean of its two halves.
    @Test
    void cutMixturesAddUpToTheWhole() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 500; i++) {
            long n = random.nextLong(3000);
            long k = random.nextLong(n + 1);
            double p = 0.001 + 0.998 * random.nextDouble();
            double above = BetaMixture.logAbove((double) k, (double) (n - k), p, 1 - p, 1, 1) + Math.log(1 - p);
            double below = BetaMixture.logBelow((double) k, (double) (n - k), p, 1 - p, 1, 1) + Math.log(p);
            double whole = Math.max(above, below) + Math.log1p(Math.exp(-Math.abs(above - below)));

            assertThat(BetaMixture.log((double) k, (double) (n - k), p, 1 - p, 1, 1))
                    .as("seed 5, %d of %d against %s", k, n, p)
                    .isCloseTo(whole, within(1e-9 * Math.max(1, Math.abs(whole))));
        }
    }

    @Test
    void betaBinomialEqualsTheMixtureOverCounts() {
        BetaBinomialMixture mixture = BetaBinomialMixture.best(100 * 0.3 * 0.7, ALPHA, 0.3, 0.7, false);

        assertThat(mixture.logValue(40 - 100 * 0.3, 100 * 0.3 * 0.7))
                .isCloseTo(mixture.logOfCounts(40, 60), within(1e-10));
        assertThat(mixture.logValue(1000, 21)).isNaN();
        assertThat(new GammaExponentialMixture(1, 1).logValue(-100, 21)).isNaN();
        assertThat(mixture.bound(0, ALPHA)).isZero();
    }

    @Test
    void refusesWhatIsNoMixture() {
        assertThatThrownBy(() -> new NormalMixture(0, true)).hasMessageContaining("NormalMixture: rho 0.0");
        assertThatThrownBy(() -> NormalMixture.best(1, 0.5, true)).hasMessageContaining("alpha 1.0");
        assertThatThrownBy(() -> NormalMixture.best(Double.NaN, 0.05, false)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new GammaPoissonMixture(1, -1)).hasMessageContaining("scale c -1.0");
        assertThatThrownBy(() -> new NormalMixture(1, false).logValue(1, -1)).hasMessageContaining("intrinsic time");
        assertThatThrownBy(() -> new NormalMixture(1, false).bound(1, 0)).hasMessageContaining("alpha 0.0");
        assertThatThrownBy(() -> new BetaBinomialMixture(1, 0, 1, true)).hasMessageContaining("g 0.0");
    }
}
