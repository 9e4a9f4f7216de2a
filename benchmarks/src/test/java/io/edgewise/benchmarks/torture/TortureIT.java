// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TortureIT {
    private static final List<Torture.Fault> EVERYTHING = List.of(Torture.Fault.values());

    /// A few rounds of what `benchmarks/run torture` does for half an hour.
    @Test
    void nothingIsLostOrCountedTwiceWhateverIsKilled() {
        assertThatCode(() -> new Torture(6, 2_000, 7, 3, EVERYTHING).run()).doesNotThrowAnyException();
    }

    @Test
    @Tag("slow")
    void nothingIsLostOrCountedTwiceInTwoHundredRounds() {
        assertThatCode(() -> new Torture(200, 10_000, 20261129, 10, EVERYTHING).run())
                .doesNotThrowAnyException();
    }
}
