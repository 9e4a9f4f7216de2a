// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.v1.Cohort;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeviceBlocksTest {
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
    private static final Stratum CANARY = new Stratum(99, Cohort.COHORT_CANARY, 700, true, Stratum.ALL);

    @Test
    void aDeviceIsNewInAStratumOnce() {
        Set<Stratum> met = new LinkedHashSet<>();
        DeviceBlocks blocks = new DeviceBlocks();
        for (int round = 0; round < 2; round++) {
            for (int stage = 0; stage < 99; stage += 7) {
                for (Cohort cohort : Set.of(Cohort.COHORT_CONTROL, Cohort.COHORT_CANARY)) {
                    for (int rate : new int[] {0, 1, 10_000}) {
                        for (boolean escalated : new boolean[] {true, false}) {
                            Stratum stratum = new Stratum(stage, cohort, rate, escalated, Stratum.ALL);
                            assertThat(blocks.firstIn(stratum)).isEqualTo(met.add(stratum));
                        }
                    }
                }
            }
            blocks = DeviceBlocks.decode(blocks.encode());
        }
        assertThat(met).hasSize(15 * 2 * 3 * 2);
    }

    @Test
    void strataBeyondTheMostAreSeenByNobody() {
        DeviceBlocks blocks = new DeviceBlocks();
        for (int rate = 0; rate < 256; rate++) {
            assertThat(blocks.firstIn(rate(rate))).isTrue();
        }

        assertThat(blocks.firstIn(rate(256))).isFalse();
        assertThat(blocks.firstIn(rate(255))).isFalse();
    }

    @Test
    void theStoredBytesAreTheFrozenOnes() {
        DeviceBlocks blocks = new DeviceBlocks();
        blocks.firstIn(SHADOW);
        blocks.firstIn(CANARY);
        blocks.step(BlockKind.DISAGREE, 1, CANARY, 5, (stratum, kind, n, k) -> {});

        String frozen = "01" + "0002" + "0001271000" + "630202bc01" + "06" + "00" + "01630202bc01" + "01" + "0001"
                + "0000000000000005" + "00000000";
        assertThat(HexFormat.of().formatHex(blocks.encode())).isEqualTo(frozen);
        DeviceBlocks read = DeviceBlocks.decode(HexFormat.of().parseHex(frozen));
        assertThat(read.encode()).isEqualTo(blocks.encode());
        assertThat(read.firstIn(CANARY)).isFalse();
        assertThat(read.openSince(BlockKind.DISAGREE)).isEqualTo(5);
    }

    private static Stratum rate(int pairingRateBp) {
        return new Stratum(0, Cohort.COHORT_CONTROL, pairingRateBp, false, Stratum.ALL);
    }
}
