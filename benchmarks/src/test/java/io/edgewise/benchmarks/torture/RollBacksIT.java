// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RollBacksIT {
    /// Each fault once.
    @Test
    void aRollBackIsDecidedAndOrderedOnceWhateverIsKilled() {
        assertThatCode(() -> new RollBacks(RollBacks.Fault.values().length, 7).run())
                .doesNotThrowAnyException();
    }

    @Test
    @Tag("slow")
    void aRollBackIsDecidedAndOrderedOnceInTwoHundredRounds() {
        assertThatCode(() -> new RollBacks(200, 20261130).run()).doesNotThrowAnyException();
    }
}
