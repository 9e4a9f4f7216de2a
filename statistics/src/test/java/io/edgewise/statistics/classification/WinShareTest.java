// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.sequential.Values;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WinShareTest {
    @Test
    void halvesTiesAndBothWrong() {
        WinShare share = new WinShare(20, 50, 20, 10);

        assertThat(share.judged()).isEqualTo(100);
        assertThat(share.share()).isCloseTo(0.35, within(1e-12));
        assertThat(share.bothWrongShare()).isEqualTo(0.1);
        assertThat(share.values()).isEqualTo(new Values(new double[] {0, 0.5, 1}, new long[] {50, 30, 20}));
    }

    @Test
    void nothingJudgedIsNoShare() {
        assertThat(WinShare.empty().share()).isNaN();
        assertThat(WinShare.empty().bothWrongShare()).isNaN();
        assertThat(WinShare.below(WinShare.LIMIT).logE(WinShare.empty().values()))
                .isZero();
        assertThat(WinShare.above(WinShare.LIMIT).logE(WinShare.empty().values()))
                .isZero();
    }

    @Test
    void showsAShareBelowOrAboveTheLimit() {
        Values bad = new WinShare(10, 180, 10, 0).values();
        Values good = new WinShare(100, 80, 20, 0).values();

        assertThat(WinShare.below(WinShare.LIMIT).logE(bad)).isGreaterThan(Math.log(100));
        assertThat(WinShare.above(WinShare.LIMIT).logE(bad)).isNegative();
        assertThat(WinShare.above(WinShare.LIMIT).logE(good)).isGreaterThan(Math.log(20));
        assertThat(WinShare.below(WinShare.LIMIT).logE(good)).isNegative();
    }

    @Test
    void mergesAndMirrors() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            WinShare one = any(random);
            WinShare two = any(random);
            WinShare both = one.plus(two);
            WinShare mirrored =
                    new WinShare(/* wins= */ both.losses(), /* losses= */ both.wins(), both.ties(), both.bothWrong());

            assertThat(both).as("seed %d", seed).isEqualTo(two.plus(one));
            assertThat(both.values()).as("seed %d", seed).isEqualTo(one.values().plus(two.values()));
            assertThat(both.share()).as("seed %d", seed).isBetween(0.0, 1.0);
            assertThat(mirrored.share()).as("seed %d", seed).isCloseTo(1 - both.share(), within(1e-12));
        }
    }

    @Test
    void refusesNegativeCounts() {
        assertThatThrownBy(() -> new WinShare(1, -1, 0, 0)).hasMessageContaining("-1 losses");
    }

    private static WinShare any(SplittableRandom random) {
        return new WinShare(random.nextInt(1, 99), random.nextInt(99), random.nextInt(99), random.nextInt(99));
    }

    @Test
    void theIntervalIsThatOfTheDifferenceOfWinsAndLosses() {
        Interval interval = new WinShare(23, 75, 4, 30).interval(0.05);

        assertThat(interval.low()).isCloseTo((1 - 0.515207777) / 2, within(1e-8));
        assertThat(interval.high()).isCloseTo((1 - 0.255052217) / 2, within(1e-8));
        assertThat(new WinShare(5, 0, 0, 0).interval(0.05).low()).isCloseTo(0.565517535, within(1e-8));
        assertThat(WinShare.empty().interval(0.05)).isEqualTo(new Interval(0, 1));
    }
}
