// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AssignmentTest {
    private static final int UNITS = 20_000;

    @Test
    void neverMovesAUnitOutWhenTheShareIsRaised() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < UNITS; i++) {
            long hash = Assignment.unitHash("salt", "user-" + random.nextLong());
            int low = random.nextInt(10_001);
            int high = low + random.nextInt(10_001 - low);
            if (Assignment.isCanary(hash, low)) {
                assertThat(Assignment.isCanary(hash, high)).isTrue();
            }
            assertThat(Assignment.isCanary(hash, 0)).isFalse();
            assertThat(Assignment.isCanary(hash, 10_000)).isTrue();
        }
    }

    @Test
    void movesNobodyOutOfOrIntoAnyShareOfAMillionUnits() {
        SplittableRandom random = new SplittableRandom(13);
        long[] counts = new long[3];
        int[] shares = {100, 1_000, 5_000};
        boolean moved = false;
        for (int unit = 0; unit < 1_000_000; unit++) {
            long hash = random.nextLong();
            boolean before = false;
            for (int i = 0; i < shares.length; i++) {
                boolean now = Assignment.isCanary(hash, shares[i]);
                moved |= before && !now;
                before = now;
                counts[i] += now ? 1 : 0;
            }
        }
        assertThat(moved).isFalse();
        for (int i = 0; i < shares.length; i++) {
            double share = shares[i] / 10_000.0;
            assertThat(counts[i] / 1e6).isCloseTo(share, within(4 * Math.sqrt(share * (1 - share) / 1e6)));
        }
    }

    @Test
    void givesTheCanaryItsShareWithinFourSigma() {
        for (int share : new int[] {100, 1_000, 5_000}) {
            int canaries = 0;
            for (int unit = 0; unit < UNITS; unit++) {
                canaries += Assignment.isCanary(Assignment.unitHash("salt-" + share, "user-" + unit), share) ? 1 : 0;
            }
            double expected = share / 10_000.0;
            double sigma = Math.sqrt(expected * (1 - expected) / UNITS);
            assertThat((double) canaries / UNITS).as("share %s", share).isCloseTo(expected, within(4 * sigma));
        }
    }

    @Test
    void pairsAtItsRateWithinFourSigmaAndIndependentlyOfTheUnit() {
        SplittableRandom random = new SplittableRandom(12);
        int paired = 0;
        for (int i = 0; i < UNITS; i++) {
            byte[] id = new byte[16];
            random.nextBytes(id);
            paired += Assignment.isPaired(id, 1_000) ? 1 : 0;
            assertThat(Assignment.isPaired(id, 10_000)).isTrue();
            assertThat(Assignment.isPaired(id, 0)).isFalse();
        }
        assertThat((double) paired / UNITS).isCloseTo(0.1, within(4 * Math.sqrt(0.09 / UNITS)));
    }

    @Test
    void hashesAsWritten() {
        // printf 'salt\0user-1' | sha256sum
        assertThat(Long.toHexString(Assignment.unitHash("salt", "user-1"))).isEqualTo("344dabcf7e5ca002");
    }
}
