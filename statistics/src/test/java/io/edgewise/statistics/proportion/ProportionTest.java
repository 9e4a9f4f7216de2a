// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProportionTest {
    enum Method {
        WILSON,
        WILSON_CONTINUITY,
        CLOPPER_PEARSON,
        JEFFREYS,
        AGRESTI_COULL,
        WALD;

        Interval of(long k, long n, double alpha) {
            Proportion p = new Proportion(k, n);
            return switch (this) {
                case WILSON -> p.wilson(alpha);
                case WILSON_CONTINUITY -> p.wilsonWithContinuity(alpha);
                case CLOPPER_PEARSON -> p.clopperPearson(alpha);
                case JEFFREYS -> p.jeffreys(alpha);
                case AGRESTI_COULL -> p.agrestiCoull(alpha);
                case WALD -> p.wald(alpha);
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void intervalsMirrorGrowAndHoldTheShare(Method method) {
        SplittableRandom random = new SplittableRandom(17);
        for (int run = 0; run < 300; run++) {
            long n = random.nextLong(1, run % 3 == 0 ? 1_000_000 : 100);
            long k = random.nextLong(n + 1);
            double alpha = random.nextDouble(0.001, 0.3);
            String what = method + ", run " + run + ", " + k + " of " + n + ", alpha " + alpha;
            Interval interval = method.of(k, n, alpha);
            Interval mirrored = method.of(n - k, n, alpha);
            Interval wider = method.of(k, n, alpha / 10);

            assertThat(interval.low()).as(what).isBetween(0.0, 1.0);
            assertThat(interval.high()).as(what).isBetween(interval.low(), 1.0);
            assertThat(interval.low()).as(what).isCloseTo(1 - mirrored.high(), within(1e-14));
            assertThat(wider.low()).as(what).isLessThanOrEqualTo(interval.low() + 1e-15);
            assertThat(wider.high()).as(what).isGreaterThanOrEqualTo(interval.high() - 1e-15);
            if (method != Method.JEFFREYS || (k > 0 && k < n)) {
                assertThat(interval.contains((double) k / n)).as(what).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void boundsRiseWithEvents(Method method) {
        for (int n : new int[] {1, 7, 60}) {
            for (int k = 0; k < n; k++) {
                Interval less = method.of(k, n, 0.05);
                Interval more = method.of(k + 1L, n, 0.05);
                if (method != Method.WALD) { // near 0 and 1 even that is not true of it
                    assertThat(more.low()).as("%s: %d of %d", method, k, n).isGreaterThanOrEqualTo(less.low());
                    assertThat(more.high()).as("%s: %d of %d", method, k, n).isGreaterThanOrEqualTo(less.high());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void withoutObservationsNothingIsKnown(Method method) {
        assertThat(method.of(0, 0, 0.05)).isEqualTo(new Interval(0, 1));
        assertThat(new Proportion(0, 0).share()).isNaN();
        assertThat(new Proportion(0, 0).wilsonLower(0.05)).isZero();
        assertThat(new Proportion(0, 0).wilsonUpper(0.05)).isEqualTo(1);
        assertThat(new Proportion(0, 0).clopperPearsonLower(0.05)).isZero();
        assertThat(new Proportion(0, 0).clopperPearsonUpper(0.05)).isEqualTo(1);
    }

    /// At the bound, what was observed or more extreme has probability alpha.
    @Test
    void clopperPearsonInvertsTheBinomialTails() {
        SplittableRandom random = new SplittableRandom(23);
        for (int run = 0; run < 200; run++) {
            long n = random.nextLong(2, run % 2 == 0 ? 50 : 2_000_000);
            long k = random.nextLong(1, n);
            double alpha = StrictMath.exp(-random.nextDouble(1, 20));
            Proportion p = new Proportion(k, n);
            String what = "run " + run + ", " + k + " of " + n + ", alpha " + alpha;

            assertThat(BinomialTails.atLeast(k, n, p.clopperPearsonLower(alpha)))
                    .as(what)
                    .isCloseTo(alpha, withinPercentage(1e-4));
            assertThat(BinomialTails.atMost(k, n, p.clopperPearsonUpper(alpha)))
                    .as(what)
                    .isCloseTo(alpha, withinPercentage(1e-4));
        }
    }

    @Test
    void wilsonBoundsSolveTheirEquation() {
        SplittableRandom random = new SplittableRandom(29);
        for (int run = 0; run < 300; run++) {
            long n = random.nextLong(1, 1_000_000_000_000L);
            long k = random.nextLong(1, n + 1);
            double low = new Proportion(k, n).wilsonLower(0.01);
            double z = ((double) k / n - low) / Math.sqrt(low * (1 - low) / n);

            assertThat(z).as("run %d, %d of %d", run, k, n).isCloseTo(StandardNormal.quantileAbove(0.01), within(1e-3));
        }
        Proportion p = new Proportion(85, 100);
        assertThat(p.wilsonLower(0.025)).isEqualTo(p.wilson(0.05).low());
        assertThat(p.wilsonUpper(0.025)).isEqualTo(p.wilson(0.05).high());
    }

    @Test
    void veryLargeCountsAndVerySmallAlphasWork() {
        Proportion p = new Proportion(3_000_000_000L, 4_000_000_000L);
        for (double alpha : List.of(0.05, 1e-12, 1e-200)) {
            for (Interval interval : List.of(p.wilson(alpha), p.wilsonWithContinuity(alpha), p.agrestiCoull(alpha))) {
                assertThat(interval.contains(0.75)).isTrue();
                assertThat(interval.high() - interval.low()).isLessThan(1e-3);
            }
        }
        assertThat(new Proportion(0, 1_000_000_000_000L).clopperPearsonUpper(0.05))
                .isCloseTo(2.995732273553991e-12, withinPercentage(1e-9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -1, 95, Double.NaN})
    void refusesWhatIsNoAlpha(double alpha) {
        for (Method method : Method.values()) {
            assertThatThrownBy(() -> method.of(1, 2, alpha))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Proportion: alpha " + alpha);
        }
    }

    @Test
    void refusesImpossibleCountsAndBounds() {
        assertThatThrownBy(() -> new Proportion(3, 2)).hasMessageStartingWith("Proportion: 3 events of 2");
        assertThatThrownBy(() -> new Proportion(-1, 2)).hasMessageStartingWith("Proportion: -1 events of 2");
        assertThatThrownBy(() -> new Proportion(0, -1)).hasMessageStartingWith("Proportion: 0 events of -1");
        assertThatThrownBy(() -> new Interval(2, 1)).hasMessageStartingWith("Interval: the lower bound 2.0");
    }

    @Test
    void aBoundThatIsMissingExcludesNothing() {
        assertThat(new Interval(Double.NaN, 3).contains(-1e300)).isTrue();
        assertThat(new Interval(Double.NaN, 3).contains(3.1)).isFalse();
        assertThat(new Interval(1, Double.NaN).contains(0.9)).isFalse();
        assertThat(new Interval(1, 2).contains(Double.NaN)).isFalse();
    }
}
