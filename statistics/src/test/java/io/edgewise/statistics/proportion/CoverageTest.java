// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Coverage of intervals and size of tests, summed over all outcomes: exact, so better than a simulation.
class CoverageTest {
    private static final double ALPHA = 0.05;
    private static final int SHARES = 400;

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20, 50})
    void clopperPearsonAlwaysCovers(int n) {
        assertThat(worst(n, p -> p.clopperPearson(ALPHA))).isGreaterThanOrEqualTo(1 - ALPHA);
        assertThat(worst(n, p -> new Interval(p.clopperPearsonLower(ALPHA), 1))).isGreaterThanOrEqualTo(1 - ALPHA);
        assertThat(worst(n, p -> new Interval(0, p.clopperPearsonUpper(ALPHA)))).isGreaterThanOrEqualTo(1 - ALPHA);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {100, 300, 1000})
    void clopperPearsonAlwaysCoversInLargeSamples(int n) {
        clopperPearsonAlwaysCovers(n);
    }

    /// Worst over 399 shares from 0.0025 to 0.9975, n = 100: measured.
    @Test
    void worstCoveragesAreThoseMeasured() {
        assertThat(worst(100, p -> p.wilson(ALPHA))).isCloseTo(0.91018, within(1e-5));
        assertThat(worst(100, p -> p.wilsonWithContinuity(ALPHA))).isCloseTo(0.95130, within(1e-5));
        assertThat(worst(100, p -> p.jeffreys(ALPHA))).isCloseTo(0.88057, within(1e-5));
        assertThat(worst(100, p -> p.agrestiCoull(ALPHA))).isCloseTo(0.93909, within(1e-5));
        assertThat(worst(100, p -> p.wald(ALPHA))).isCloseTo(0.22144, within(1e-5));
    }

    /// Two groups of 30 at equal rates: Fisher's test keeps alpha, the sizes of the others are measured.
    @Test
    void sizesOfComparisonsOfSmallGroupsAreThoseMeasured() {
        assertThat(size(30, TwoProportions::pFisher)).isLessThanOrEqualTo(ALPHA);
        assertThat(size(30, TwoProportions::pPooled)).isCloseTo(0.05534, within(1e-5));
        assertThat(size(30, t -> asPValue(t.newcombe(ALPHA)))).isCloseTo(0.05194, within(1e-5));
        assertThat(size(30, t -> asPValue(t.miettinenNurminen(ALPHA)))).isCloseTo(0.05534, within(1e-5));
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {60, 100})
    void fishersTestKeepsAlphaInLargerGroups(int n) {
        assertThat(size(n, TwoProportions::pFisher)).isLessThanOrEqualTo(ALPHA);
    }

    /// 0 where the interval excludes "no difference", else 1.
    private static double asPValue(Interval interval) {
        return interval.contains(0) ? 1 : 0;
    }

    private static double worst(int n, Function<Proportion, Interval> method) {
        Interval[] intervals = new Interval[n + 1];
        for (int k = 0; k <= n; k++) {
            intervals[k] = method.apply(new Proportion(k, n));
        }
        double worst = 1;
        for (int i = 1; i < SHARES; i++) {
            double share = (double) i / SHARES;
            double missed = 0;
            for (int k = 0; k <= n; k++) {
                missed += intervals[k].contains(share) ? 0 : BinomialTails.exactly(k, n, share);
            }
            worst = Math.min(worst, 1 - missed);
        }
        return worst;
    }

    private static double size(int n, ToDoubleFunction<TwoProportions> p) {
        double[] worst = new double[50];
        for (int one = 0; one <= n; one++) {
            for (int two = 0; two <= n; two++) {
                TwoProportions given = new TwoProportions(new Proportion(one, n), new Proportion(two, n));
                if (p.applyAsDouble(given) <= ALPHA) {
                    for (int i = 0; i < worst.length; i++) {
                        double share = (i + 1) / 100.0;
                        worst[i] += BinomialTails.exactly(one, n, share) * BinomialTails.exactly(two, n, share);
                    }
                }
            }
        }
        return Arrays.stream(worst).max().orElseThrow();
    }
}
