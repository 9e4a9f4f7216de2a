// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double RATE = 300;

    @Test
    void growsFromATenthToTheFullRateAndStaysThere() {
        Pace first = Pace.begin(7);

        assertThat(first.share()).isEqualTo(0.1);
        Pace middle = first.at(7 + 3 * SECOND, 20, RATE);
        assertThat(middle.share()).isCloseTo(0.55, within(1e-9));
        Pace full = middle.at(7 + 6 * SECOND, 20, RATE);
        assertThat(full.share()).isCloseTo(1, within(1e-9));
        assertThat(full.at(100 * SECOND, 20, RATE).share()).isEqualTo(1);
    }

    @Test
    void halvesOnceASecondWhileRequestsPileUpButNeverStops() {
        Pace full = new Pace(1, 0.15, 0);

        assertThat(full.at(SECOND / 2, 151, RATE)).isEqualTo(full);
        Pace half = full.at(SECOND, 151, RATE);
        assertThat(half.share()).isEqualTo(0.5);
        assertThat(half.at(SECOND + 1, 151, RATE)).isEqualTo(half);
        assertThat(half.at(2 * SECOND, 151, RATE).share()).isEqualTo(0.25);
        assertThat(new Pace(0.11, 0.15, 0).at(SECOND, 151, RATE).share()).isEqualTo(0.1);
    }

    @Test
    void growsSlowlyOnceItHadToGiveWay() {
        Pace half = new Pace(1, 0.15, 0).at(SECOND, 151, RATE);

        assertThat(half.at(9 * SECOND, 20, RATE).share()).isCloseTo(0.8, within(1e-9));
        assertThat(half.at(100 * SECOND, 20, RATE).share()).isEqualTo(1);
    }

    @Test
    void isKeptWhileHalfASecondOfTrafficIsUnderWay() {
        assertThat(Pace.isKept(150, 300)).isTrue();
        assertThat(Pace.isKept(151, 300)).isFalse();
        assertThat(Pace.isKept(1, 0.1)).isTrue();
    }
}
