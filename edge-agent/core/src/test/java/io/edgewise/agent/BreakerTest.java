// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BreakerTest {
    private static final long SECOND = 1_000_000_000L;

    private final Breaker breaker = new Breaker(Breaker.Settings.DEFAULT);

    private void fail(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            assertThat(breaker.admit(nanos)).isTrue();
            breaker.failed(nanos);
        }
    }

    @Test
    void opensAfterFiveFailuresInARowOnly() {
        fail(4, 0);
        breaker.succeeded(10, 0);
        fail(4, 0);
        assertThat(breaker.admit(0)).isTrue();
        breaker.failed(0);

        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
        assertThat(breaker.admit(29 * SECOND)).isFalse();
    }

    @Test
    void letsOneProbeThroughAtATimeAndClosesAfterThreeSuccesses() {
        fail(5, 0);

        for (int probe = 0; probe < 3; probe++) {
            assertThat(breaker.admit(30 * SECOND)).isTrue();
            assertThat(breaker.admit(30 * SECOND)).isFalse();
            breaker.succeeded(10, 0);
        }
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
        assertThat(breaker.admit(30 * SECOND)).isTrue();
        assertThat(breaker.admit(30 * SECOND)).isTrue();
    }

    @Test
    void staysOpenTwiceAsLongAfterAFailedProbe() {
        fail(5, 0);
        fail(1, 30 * SECOND);

        assertThat(breaker.admit(89 * SECOND)).isFalse();
        assertThat(breaker.admit(90 * SECOND)).isTrue();
    }

    @Test
    void opensWhenHalfOfItsLatestAttemptsFailedThoughNeverInARow() {
        for (int i = 0; i < 9; i++) {
            fail(1, 0);
            breaker.succeeded(10, 0);
        }
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
        breaker.failed(0);
        breaker.failed(0);

        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
        assertThat(breaker.reason()).hasValueSatisfying(why -> assertThat(why).contains("11 of the latest 20"));
    }

    @Test
    void opensWhenMoreAttemptsTakeLongThanAP99Allows() {
        Breaker strict = new Breaker(Breaker.Settings.DEFAULT.within(1_000));
        for (int i = 0; i < 300; i++) {
            strict.succeeded(i % 100 == 0 ? 5_000 : 900, 0);
        }
        assertThat(strict.state()).isEqualTo(Breaker.State.CLOSED);
        for (int i = 0; i < 5; i++) {
            strict.succeeded(5_000, 0);
        }

        assertThat(strict.state()).isEqualTo(Breaker.State.OPEN);
        assertThat(strict.reason()).hasValueSatisfying(why -> assertThat(why).contains("longer than 1000 us"));
        assertThat(strict.admit(30 * SECOND)).isTrue();
        strict.succeeded(5_000, 30 * SECOND);
        assertThat(strict.state()).as("a slow probe is none").isEqualTo(Breaker.State.OPEN);
    }

    @Test
    void staysOpenWhileItIsHotAndAWhileLonger() {
        breaker.trip("hot", 0);
        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
        breaker.trip("hot", 29 * SECOND);

        assertThat(breaker.admit(30 * SECOND)).isFalse();
        assertThat(breaker.admit(59 * SECOND)).isTrue();
    }
}
