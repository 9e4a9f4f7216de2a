// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Alpha over processes and over releases.
class SpendingTest {
    @Test
    void sharesAddUpToOneAndNeverBeyond() {
        double sum = 0;
        for (long k = 1; k <= 1_000_000; k++) {
            sum += AlphaShares.share(k);
            assertThat(sum < 1).as("after %d", k).isTrue();
        }
        // what is left after n is about 6/(π² n)
        assertThat(sum).isCloseTo(1 - 6 / (Math.PI * Math.PI * 1e6), within(1e-9));
        assertThat(AlphaShares.of(0.01, 1)).isCloseTo(0.006079271018540267, within(1e-17));
        assertThat(AlphaShares.share(Long.MAX_VALUE)).isPositive();
    }

    @Test
    void thereIsNoShareBeforeTheFirst() {
        assertThatThrownBy(() -> AlphaShares.share(0)).hasMessageStartingWith("AlphaShares: there is no share 0");
        assertThatThrownBy(() -> AlphaShares.of(1.5, 1)).hasMessageContaining("alpha 1.5");
    }

    /// 0.05 · 6/π² = 0.0304 for the first release, 4/16 of that times its 4th share after three
    /// rejections.
    @Test
    void levelsGrowWithRejections() {
        ELond state = ELond.start(0.05);
        assertThat(state.level()).isCloseTo(0.030396355092701333, within(1e-16));
        assertThat(state.rejects(-Math.log(state.level()))).isTrue();
        assertThat(state.rejects(3.49)).isFalse();
        state = state.after(10).after(10).after(10);

        assertThat(state).isEqualTo(new ELond(0.05, 3, 3));
        assertThat(state.level()).isCloseTo(0.030396355092701333 * 4 / 16, within(1e-16));
        assertThat(state.after(0)).isEqualTo(new ELond(0.05, 4, 3));
    }

    @Test
    void noLevelIsAboveAlphaAndReplayGivesTheSameState() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] logE = random.doubles(200, -3, 12).toArray();
            ELond state = ELond.start(0.1);
            ELond again = ELond.start(0.1);
            for (double value : logE) {
                assertThat(state.level()).as("seed %d", seed).isLessThanOrEqualTo(0.1);
                state = state.after(value);
                again = new ELond(again.alpha(), again.tested(), again.rejected()).after(value);
            }
            assertThat(again).as("seed %d", seed).isEqualTo(state);
        }
    }

    @Test
    void infiniteEvidenceIsEvidenceAndNaNIsAMistake() {
        ELond state = ELond.start(0.05);

        assertThat(state.rejects(Double.POSITIVE_INFINITY)).isTrue();
        assertThat(state.rejects(Double.NEGATIVE_INFINITY)).isFalse();
        assertThatThrownBy(() -> state.after(Double.NaN)).hasMessageContaining("is NaN");
        assertThatThrownBy(() -> new ELond(0.05, 1, 2)).hasMessageStartingWith("ELond: 2 rejected of 1");
        assertThatThrownBy(() -> ELond.start(0)).hasMessageContaining("alpha 0.0");
    }
}
