// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RampTest {
    @Test
    void growsFromATenthToTheFullRateAndStaysThere() {
        long length = Ramp.LENGTH.toNanos();

        assertThat(Ramp.share(0)).isEqualTo(0.1);
        assertThat(Ramp.share(length / 2)).isCloseTo(0.55, within(1e-9));
        assertThat(Ramp.share(length)).isEqualTo(1);
        assertThat(Ramp.share(100 * length)).isEqualTo(1);
        assertThat(Ramp.share(-5)).isEqualTo(0.1);
    }

    @Test
    void keepsPaceWhileHalfASecondOfTrafficIsUnderWay() {
        assertThat(Ramp.keepsPace(150, 300)).isTrue();
        assertThat(Ramp.keepsPace(151, 300)).isFalse();
        assertThat(Ramp.keepsPace(1, 0.1)).isTrue();
    }
}
