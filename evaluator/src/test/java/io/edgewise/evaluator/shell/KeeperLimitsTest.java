// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeeperLimitsTest {
    private static final KeeperLimits LIMITS = new KeeperLimits(120, 10_000, 4 << 20, 1_000, 20_000, 20, 4);

    @Test
    void theLongerAPassTakesTheLessAKeeperRests() {
        assertThat(LIMITS.after(0)).isEqualTo(LIMITS);
        assertThat(LIMITS.after(-5_000)).as("a clock that was set back").isEqualTo(LIMITS);
        assertThat(LIMITS.after(7_500).rests()).isEqualTo(2);
        assertThat(LIMITS.after(14_999).rests()).isEqualTo(1);
        assertThat(LIMITS.after(14_999).mostFoldedParts()).isEqualTo(120);
        assertThat(LIMITS.after(15_000).rests()).isZero();
    }

    /// Parts of seventeen slices are 16 kB each: more parts at once without room for their bytes would leave some of
    /// each rollout behind, and the pass would never be one that left nothing.
    @Test
    void farBehindItTakesMorePartsAtOnceAndHasRoomForThem() {
        KeeperLimits behind = LIMITS.after(Long.MAX_VALUE);

        assertThat(behind.mostFoldedParts()).isEqualTo(480);
        assertThat(behind.mostBytes()).isEqualTo(16 << 20);
    }
}
