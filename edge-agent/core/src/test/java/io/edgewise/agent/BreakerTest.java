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
        breaker.succeeded();
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
            breaker.succeeded();
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
}
