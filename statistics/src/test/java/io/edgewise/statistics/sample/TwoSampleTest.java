// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.edgewise.statistics.proportion.Interval;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;
import org.junit.jupiter.api.Test;

class TwoSampleTest {
    @Test
    void swappingTheSamplesMirrorsBothTests() {
        for (int seed = 0; seed < 100; seed++) {
            double[] x = random(seed, 2 + seed % 30, seed % 2 == 0);
            double[] y = random(seed + 1000, 25, seed % 2 == 0);
            MannWhitney one = MannWhitney.of(x, y);
            MannWhitney two = MannWhitney.of(y, x);
            Welch there = Welch.of(x, y);
            Welch back = Welch.of(y, x);

            assertThat(one.u() + two.u()).as("seed %d", seed).isEqualTo((double) x.length * y.length);
            assertThat(one.effect() + two.effect()).as("seed %d", seed).isCloseTo(1, within(1e-15));
            assertThat(one.pAsymptotic()).as("seed %d", seed).isCloseTo(two.pAsymptotic(), within(1e-12));
            assertThat(one.p()).as("seed %d", seed).isBetween(0.0, 1.0).isCloseTo(two.p(), within(1e-12));
            assertThat(there.t()).as("seed %d", seed).isCloseTo(-back.t(), within(1e-12));
            assertThat(there.p()).as("seed %d", seed).isBetween(0.0, 1.0).isCloseTo(back.p(), within(1e-12));
            assertThat(there.interval(0.05).low())
                    .as("seed %d", seed)
                    .isCloseTo(-back.interval(0.05).high(), within(1e-9));
        }
    }

    @Test
    void uCountsPairs() {
        for (int seed = 0; seed < 100; seed++) {
            double[] x = random(seed, 12, true);
            double[] y = random(seed + 1000, 17, true);
            double u = 0;
            for (double a : x) {
                for (double b : y) {
                    u += a > b ? 1 : a == b ? 0.5 : 0;
                }
            }
            assertThat(MannWhitney.of(x, y).u()).as("seed %d", seed).isEqualTo(u);
        }
    }

    /// Ranks do not change under a growing function; nor does t under scaling and shifting both.
    @Test
    void whatShouldNotMatterDoesNot() {
        for (int seed = 0; seed < 50; seed++) {
            double[] x = random(seed, 20, false);
            double[] y = random(seed + 1000, 30, false);

            assertThat(MannWhitney.of(mapped(x), mapped(y))).as("seed %d", seed).isEqualTo(MannWhitney.of(x, y));
            assertThat(Welch.of(moved(x), moved(y)).t())
                    .as("seed %d", seed)
                    .isCloseTo(Welch.of(x, y).t(), withinPercentage(1e-8));
        }
    }

    /// The interval excludes 0 exactly where p < alpha.
    @Test
    void intervalAndPValueOfWelchAgree() {
        for (int seed = 0; seed < 200; seed++) {
            Welch test = Welch.of(random(seed, 15, false), random(seed + 1000, 20, false));
            for (double alpha : new double[] {0.5, 0.2, 0.05}) {
                assertThat(test.interval(alpha).contains(0)).as("seed %d", seed).isEqualTo(test.p() >= alpha);
            }
            assertThat(test.interval(test.p()).contains(0)
                            || Math.min(
                                            Math.abs(test.interval(test.p()).low()),
                                            Math.abs(test.interval(test.p()).high()))
                                    < 1e-8 * test.standardError())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void emptySamplesHaveNoFigures() {
        double[] none = {};
        double[] some = {1, 2};

        assertThat(MannWhitney.of(none, some))
                .isEqualTo(new MannWhitney(Double.NaN, Double.NaN, Double.NaN, Double.NaN));
        assertThat(MannWhitney.of(some, none).p()).isNaN();
        assertThat(Welch.of(some, none))
                .isEqualTo(new Welch(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN));
    }

    @Test
    void samplesThatDoNotVaryHaveNoT() {
        Welch test = Welch.of(new double[] {1, 1, 1}, new double[] {2, 2});

        assertThat(test.difference()).isEqualTo(-1);
        assertThat(test.t()).isNaN();
        assertThat(test.p()).isNaN();
        assertThat(test.interval(0.05)).isEqualTo(new Interval(Double.NaN, Double.NaN));
        assertThat(Welch.of(new double[] {1}, new double[] {2, 3}).difference()).isEqualTo(-1.5);
        assertThat(Welch.of(new double[] {1, 1}, new double[] {2, 3}).degrees()).isCloseTo(1, within(1e-12));
        assertThat(MannWhitney.of(new double[] {1, 1}, new double[] {1}))
                .isEqualTo(new MannWhitney(1, 0.5, 1, Double.NaN));
    }

    @Test
    void infiniteValuesHaveRanksButNoMean() {
        double[] x = {1, Double.POSITIVE_INFINITY};
        double[] y = {Double.NEGATIVE_INFINITY, 0.5};

        assertThat(MannWhitney.of(x, y).effect()).isEqualTo(1);
        assertThatThrownBy(() -> Welch.of(x, y)).hasMessageStartingWith("Welch: value 1 is Infinity");
        assertThatThrownBy(() -> Welch.of(new double[] {Double.NaN}, y)).hasMessageContaining("value 0 is NaN");
        assertThatThrownBy(() -> MannWhitney.of(x, new double[] {Double.NaN}))
                .hasMessageStartingWith("MannWhitney: value 0 is NaN");
        assertThatThrownBy(() -> Welch.of(y, y).interval(95)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> Welch.of(new double[] {1, 2}, new double[] {1, 2}).interval(95))
                .hasMessageStartingWith("Welch: alpha 95.0");
    }

    @Test
    void theExactLawIsMadeUpTo50Values() {
        double[] fifty = random(1, 50, false);
        double[] more = random(2, 51, false);

        assertThat(MannWhitney.of(fifty, random(3, 50, false)).pExact()).isBetween(0.0, 1.0);
        assertThat(MannWhitney.of(fifty, more).pExact()).isNaN();
        assertThat(MannWhitney.of(fifty, more).p())
                .isEqualTo(MannWhitney.of(fifty, more).pAsymptotic());
    }

    private static double[] mapped(double[] values) {
        return Arrays.stream(values).map(v -> v * v * v).toArray();
    }

    private static double[] moved(double[] values) {
        return Arrays.stream(values).map(v -> 8 * v + 64).toArray();
    }

    private static double[] random(int seed, int n, boolean ties) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.doubles(n, 0, 10).map(v -> ties ? Math.floor(v) : v).toArray();
    }

    /// The library takes a minute for 40 million values.
    @Test
    void mannWhitneyIsAsFastAsSortingAndExactForMillionsOfTies() {
        int n = 3_000_000;
        double[] x = new double[n];
        double[] y = new double[n];
        Arrays.fill(x, 0, n / 2, 1);
        Arrays.fill(y, 0, n / 2 + 1_732, 1);
        MannWhitney test = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> MannWhitney.of(x, y));

        double u = n / 2.0 * (n / 2 - 1_732) + n / 2.0 * (n / 2 + 1_732) / 2 + n / 2.0 * (n / 2 - 1_732) / 2;
        assertThat(test.u()).isEqualTo(u);
        assertThat(test.pAsymptotic()).isCloseTo(0.1573113495632986, within(1e-12));
    }

    @Test
    void mannWhitneyIsTheLibrarys() {
        long seed = 23;
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 300; run++) {
            int values = random.nextInt(2, 200);
            double[] x = random.ints(random.nextInt(1, 120), 0, values)
                    .asDoubleStream()
                    .toArray();
            double[] y = random.ints(random.nextInt(1, 120), 0, values)
                    .asDoubleStream()
                    .toArray();
            MannWhitneyUTest.Result library = MannWhitneyUTest.withDefaults()
                    .with(PValueMethod.ASYMPTOTIC)
                    .test(x, y);
            MannWhitney own = MannWhitney.of(x, y);
            double p = Double.isNaN(library.getPValue()) ? 1 : library.getPValue();
            assertThat(own.u()).as("seed %d run %d", seed, run).isEqualTo(library.getStatistic());
            assertThat(own.pAsymptotic()).as("seed %d run %d", seed, run).isCloseTo(p, within(1e-12));
        }
    }
}
