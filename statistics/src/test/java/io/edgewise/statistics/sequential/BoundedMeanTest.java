// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.sequential.ConfidenceSequence.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Empirical Bernstein, hedged betting and asymptotic sequences.
class BoundedMeanTest {
    private static double[] scores(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        return random.doubles(n)
                .map(u -> u < 0.3 ? u : Math.sqrt(u))
                .map(v -> Math.rint(v * 1024) / 1024)
                .toArray();
    }

    private static EmpiricalBernstein bernstein(double[] x, double alpha) {
        EmpiricalBernstein state = EmpiricalBernstein.start(alpha);
        for (double value : x) {
            state = state.next(value);
        }
        return state;
    }

    @Test
    void betsFirstAsPublished() {
        // The package's formula has 1/alpha where the two-sided interval has 2/alpha.
        assertThat(PlugInMoments.start(0.5).bet(0.1))
                .isCloseTo(Math.sqrt(2 * Math.log(20) / (Math.log(2) / 4)), within(1e-12));
        assertThat(EmpiricalBernstein.start(0.05).bet()).isEqualTo(0.5);
    }

    @Test
    void knowNothingBeforeTheFirstValue() {
        assertThat(EmpiricalBernstein.start(0.05).interval()).isEqualTo(new Interval(0, 1));
        assertThat(EmpiricalBernstein.start(0.05).centre()).isNaN();
        assertThat(EmpiricalBernstein.start(0.05).radius()).isInfinite();
        assertThat(HedgedBetting.of(new double[0], 0.05).interval()).isEqualTo(new Interval(0, 1));
        assertThat(AsymptoticSequence.interval(1, 0.5, Double.NaN, 0.05, 100).contains(-1e300))
                .isTrue();
        assertThat(AsymptoticSequence.radius(0, Double.NaN, 0.05, 100)).isInfinite();
    }

    @Test
    void areSymmetricHoldTheMeanAndNestInAlpha() {
        for (long seed = 1; seed <= 20; seed++) {
            double[] x = scores(seed, 400);
            double[] mirrored = Arrays.stream(x).map(v -> 1 - v).toArray();
            double mean = Arrays.stream(x).average().orElseThrow();
            Interval hedged = HedgedBetting.of(x, 0.05).interval();
            Interval hedgedMirrored = HedgedBetting.of(mirrored, 0.05).interval();
            Interval bernstein = bernstein(x, 0.05).interval();

            assertThat(hedged.contains(mean)).as("seed %d", seed).isTrue();
            assertThat(bernstein.contains(mean)).as("seed %d", seed).isTrue();
            assertThat(hedged.low()).as("seed %d", seed).isCloseTo(1 - hedgedMirrored.high(), within(1e-9));
            assertThat(bernstein.low())
                    .as("seed %d", seed)
                    .isCloseTo(1 - bernstein(mirrored, 0.05).interval().high(), within(1e-9));
            assertThat(HedgedBetting.of(x, 0.01).interval().width()).isGreaterThan(hedged.width());
            assertThat(bernstein(x, 0.01).interval().width()).isGreaterThan(bernstein.width());
            assertThat(hedged.width()).as("seed %d", seed).isLessThan(bernstein.width());
        }
    }

    /// Where the authors say so: better than sub-Gaussian for values of low variance, not for fair coins.
    @Test
    void bernsteinUsesALowVariance() {
        SplittableRandom random = new SplittableRandom(9);
        double[] calm = random.doubles(500).map(u -> 0.45 + u / 10).toArray();

        assertThat(bernstein(calm, 0.05).radius())
                .isLessThan(
                        ConfidenceSequence.subGaussian(500, 0.5, 0.5, 0.05, 500).width() / 2);
    }

    @Test
    void runningIntersectionOnlyShrinks() {
        EmpiricalBernstein state = EmpiricalBernstein.start(0.05);
        for (double value : scores(3, 2000)) {
            EmpiricalBernstein next = state.next(value);
            assertThat(next.runningLow()).isGreaterThanOrEqualTo(state.runningLow());
            assertThat(next.runningHigh()).isLessThanOrEqualTo(state.runningHigh());
            state = next;
        }
        assertThat(state.runningHigh()).isGreaterThan(state.runningLow());
    }

    @Test
    void capitalIsHigherFurtherFromTheMean() {
        HedgedBetting betting = HedgedBetting.of(scores(4, 500), 0.05);
        Interval interval = betting.interval();

        assertThat(betting.logCapital(interval.low())).isCloseTo(Math.log(20), within(1e-6));
        assertThat(betting.logCapital(interval.high())).isCloseTo(Math.log(20), within(1e-6));
        assertThat(betting.logCapital(0)).isGreaterThan(betting.logCapital(interval.low()));
        assertThat(betting.logCapital(1)).isGreaterThan(betting.logCapital(interval.high()));
        assertThat(betting.logCapital((interval.low() + interval.high()) / 2)).isLessThan(Math.log(20));
    }

    @Test
    void refuseValuesOutsideTheirRange() {
        for (double bad : new double[] {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> EmpiricalBernstein.start(0.05).next(bad)).hasMessageContaining("outside [0, 1]");
            assertThatThrownBy(() -> HedgedBetting.of(new double[] {bad}, 0.05)).hasMessageContaining("outside [0, 1]");
            assertThatThrownBy(() -> HedgedCapital.start(0.5, 0.05).next(bad)).hasMessageContaining("outside [0, 1]");
        }
        assertThatThrownBy(() -> EmpiricalBernstein.start(1)).hasMessageContaining("alpha 1.0");
        assertThatThrownBy(() -> HedgedBetting.of(new double[0], 0)).hasMessageContaining("alpha 0.0");
        assertThatThrownBy(() -> AsymptoticSequence.radius(2, -1, 0.05, 1)).hasMessageContaining("deviation -1.0");
        assertThatThrownBy(() -> AsymptoticSequence.radius(-2, 1, 0.05, 1)).hasMessageContaining("n -2");
        assertThatThrownBy(() -> AsymptoticSequence.radius(2, 1, 0.05, 0)).hasMessageContaining("nOpt 0.0");
        assertThatThrownBy(() -> AsymptoticSequence.oneSidedRadius(2, 1, 0.5, 1))
                .hasMessageContaining("alpha 1.0");
        assertThatThrownBy(() -> new PlugInMoments(0, -1, 0, 0)).hasMessageContaining("no moments");
    }

    /// The tests of GrowthBook's sequential t-tests: relative and absolute differences of two arms, from
    /// sums and sums of squares, tuned for 1,000 and for 5,000.
    @Test
    void asymptoticEqualsGrowthBook() {
        int n = 3000 + 3461;
        double first = 1396.87 / 3000;
        double second = 2422.7 / 3461;
        double firstVariance = (52377.9767 - 3000 * first * first) / 2999;
        double secondVariance = (134698.29 - 3461 * second * second) / 3460;
        double relative = second / first - 1;
        double relativeDeviation = deviation(first, firstVariance, second, secondVariance);
        double share = 1396 / 3000.0;
        double other = 2422 / 3461.0;
        double shareDeviation = deviation(share, share * (1 - share), other, other * (1 - other));
        double absolute = Math.sqrt(n * (firstVariance / 3000 + secondVariance / 3461));

        Interval mean = AsymptoticSequence.interval(n, relative, relativeDeviation, 0.05, 1000);
        Interval proportion = AsymptoticSequence.interval(n, other / share - 1, shareDeviation, 0.05, 5000);
        double below = relative - AsymptoticSequence.oneSidedRadius(n, relativeDeviation, 0.05, 5000);
        double above = second - first + AsymptoticSequence.oneSidedRadius(n, absolute, 0.05, 5000);

        assertThat(mean.low()).isCloseTo(-0.55844, within(5e-6));
        assertThat(mean.high()).isCloseTo(1.56516, within(5e-6));
        assertThat(proportion.low()).isCloseTo(0.40098, within(5e-6));
        assertThat(proportion.high()).isCloseTo(0.60675, within(5e-6));
        assertThat(below).isCloseTo(-0.42356454602790883, within(1e-12));
        assertThat(above).isCloseTo(0.5953218, within(5e-8));
    }

    private static double deviation(double first, double firstVariance, double second, double secondVariance) {
        double variance =
                secondVariance / (first * first * 3461) + firstVariance * second * second / (Math.pow(first, 4) * 3000);
        return Math.sqrt(6461 * variance);
    }
}
