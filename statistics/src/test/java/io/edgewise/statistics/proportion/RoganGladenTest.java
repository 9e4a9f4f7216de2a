// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoganGladenTest {
    private static final int DRAWS = 4_000;

    @Test
    void theShareIsCorrectedForWhatTheDetectorMissesAndForWhatItMakesUp() {
        RoganGladen corrected =
                new RoganGladen(new Proportion(23, 150), new Proportion(96, 100), new Proportion(89, 100));

        assertThat(corrected.share()).isEqualTo((23 / 150.0 + 0.89 - 1) / 0.85, within(1e-12));
        assertThat(corrected.interval(0.05).contains(corrected.share())).isTrue();
    }

    @Test
    void aDetectorThatNeverErredIsStillNotTakenForPerfect() {
        RoganGladen corrected =
                new RoganGladen(new Proportion(10, 100), new Proportion(5, 5), new Proportion(200, 200));

        assertThat(corrected.share()).isEqualTo(0.1, within(1e-12));
        assertThat(corrected.interval(0.05).high())
                .isGreaterThan(new Proportion(10, 100).wilson(0.05).high());
    }

    @Test
    void aDetectorThatIsNoBetterThanChanceSaysNothing() {
        RoganGladen corrected =
                new RoganGladen(new Proportion(40, 100), new Proportion(30, 100), new Proportion(70, 100));

        assertThat(corrected.share()).isNaN();
        assertThat(corrected.interval(0.05)).isEqualTo(Interval.ANY_SHARE);
        assertThat(new RoganGladen(new Proportion(4, 10), new Proportion(0, 0), new Proportion(7, 7)).interval(0.05))
                .isEqualTo(Interval.ANY_SHARE);
    }

    @Test
    void theIntervalHoldsTheTrueShareAboutAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(20_140_101);
        for (double share : new double[] {0.02, 0.1, 0.4}) {
            for (double sensitivity : new double[] {0.75, 0.95}) {
                int held = 0;
                for (int i = 0; i < DRAWS; i++) {
                    RoganGladen drawn = new RoganGladen(
                            draw(random, 250, share * sensitivity + (1 - share) * 0.03),
                            draw(random, 60, sensitivity),
                            draw(random, 200, 0.97));
                    held += drawn.interval(0.05).contains(share) ? 1 : 0;
                }
                assertThat(held / (double) DRAWS)
                        .as("share %s, sensitivity %s", share, sensitivity)
                        .isBetween(0.93, 1.0);
            }
        }
    }

    private static Proportion draw(SplittableRandom random, int n, double share) {
        int events = 0;
        for (int i = 0; i < n; i++) {
            events += random.nextDouble() < share ? 1 : 0;
        }
        return new Proportion(events, n);
    }
}
