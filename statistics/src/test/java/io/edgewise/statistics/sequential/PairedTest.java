// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Paired right-or-wrong, paired latency ratios, paired bounded differences.
class PairedTest {
    @Test
    void discordantPairsAlone() {
        assertThat(new PairedBinary(121, 59).logEWorse()).isCloseTo(9.155035324, within(1e-9));
        assertThat(new PairedBinary(150, 86).logEWorse()).isCloseTo(Math.log(1025.92318), within(1e-8));
        assertThat(new PairedBinary(0, 0).logEWorse()).isZero();
        assertThat(new PairedBinary(1, 0).logEWorse()).isCloseTo(Math.log(1.5), within(1e-12));
    }

    @Test
    void swappingTheArmsMirrorsTheVerdict() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 100; i++) {
            PairedBinary pairs = new PairedBinary(random.nextInt(500), random.nextInt(500));

            assertThat(pairs.swapped().logEWorse()).isEqualTo(pairs.logEBetter());
            assertThat(pairs.swapped().logEBetter()).isEqualTo(pairs.logEWorse());
            assertThat(Math.min(pairs.logEWorse(), pairs.logEBetter())).isLessThanOrEqualTo(1e-12);
            assertThat(pairs.plus(new PairedBinary(0, 0))).isEqualTo(pairs);
        }
        assertThat(new PairedBinary(1, 2).plus(new PairedBinary(30, 40))).isEqualTo(new PairedBinary(31, 42));
    }

    @Test
    void ratioCountsStrictlySlowerPairs() {
        PairedRatio pairs = PairedRatio.start(1.4)
                .next(100, 141)
                .next(100, 140)
                .next(100, 50)
                .next(100, Double.POSITIVE_INFINITY)
                .next(0, 0);

        assertThat(pairs).isEqualTo(new PairedRatio(1.4, 2, 5));
        assertThat(pairs.logESlower()).isEqualTo(TruncatedBeta.logE(2, 5, 0.5, 1, 1));
        assertThat(pairs.plus(pairs)).isEqualTo(new PairedRatio(1.4, 4, 10));
        assertThat(new PairedRatio(1.4, 300, 400).logESlower()).isGreaterThan(10);
        assertThat(new PairedRatio(1.4, 30, 400).logESlower()).isNegative();
        assertThat(new PairedRatio(1.4, 30, 400).logESlower(0.99)).isGreaterThan(10);
        assertThat(PairedRatio.start(1.4).logESlower()).isZero();
    }

    @Test
    void bettingFindsAWorseMeanAndForgivesABetterOne() {
        SplittableRandom random = new SplittableRandom(6);
        MarginBetting worse = MarginBetting.start(0.02);
        MarginBetting better = MarginBetting.start(0.02);
        for (int i = 0; i < 2000; i++) {
            double u = random.nextDouble();
            worse = worse.next(u < 0.2 ? 1 : u < 0.25 ? -1 : 0);
            better = better.next(u < 0.05 ? 1 : u < 0.2 ? -1 : 0);
        }

        assertThat(worse.logK()).isGreaterThan(Math.log(1000));
        assertThat(better.logK()).isLessThanOrEqualTo(0);
        assertThat(worse.n()).isEqualTo(2000);
    }

    /// What makes it unfit for blocks whose order is lost.
    @Test
    void bettingDependsOnTheOrder() {
        MarginBetting up = MarginBetting.start(0).next(1).next(0).next(-1);
        MarginBetting down = MarginBetting.start(0).next(-1).next(0).next(1);

        assertThat(up.logK()).isNotEqualTo(down.logK());
        assertThat(MarginBetting.start(0).bet()).isZero();
        assertThat(up).isEqualTo(MarginBetting.start(0).next(1).next(0).next(-1));
    }

    @Test
    void bettingNeverRisksMoreThanHalf() {
        SplittableRandom random = new SplittableRandom(7);
        for (double delta : new double[] {-0.9, -0.1, 0, 0.3, 0.99}) {
            MarginBetting state = MarginBetting.start(delta);
            for (int i = 0; i < 500; i++) {
                double before = state.logK();
                assertThat(state.bet()).isBetween(0.0, 0.5 / (1 + delta));
                state = state.next(2 * random.nextDouble() - 1);
                assertThat(state.logK()).as("seed 7").isGreaterThanOrEqualTo(before + Math.log(0.5) - 1e-12);
            }
        }
    }

    @Test
    void refuseWhatIsNoPair() {
        assertThatThrownBy(() -> new PairedBinary(-1, 0)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new PairedRatio(0, 0, 0)).hasMessageContaining("ratio 0.0");
        assertThatThrownBy(() -> new PairedRatio(1, 3, 2)).hasMessageContaining("3 of 2");
        assertThatThrownBy(() -> PairedRatio.start(1).next(-1, 1)).hasMessageContaining("(-1.0, 1.0)");
        assertThatThrownBy(() -> PairedRatio.start(1).next(1, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> PairedRatio.start(1).next(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY))
                .hasMessageContaining("both infinite");
        assertThatThrownBy(() -> PairedRatio.start(1).plus(PairedRatio.start(2)))
                .hasMessageContaining("differ");
        assertThatThrownBy(() -> MarginBetting.start(1)).hasMessageContaining("margin 1.0");
        assertThatThrownBy(() -> MarginBetting.start(Double.NaN)).hasMessageContaining("margin NaN");
        assertThatThrownBy(() -> MarginBetting.start(0).next(1.1)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> MarginBetting.start(0).next(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new MarginBetting(0, PlugInMoments.start(0), Double.NEGATIVE_INFINITY))
                .hasMessageContaining("ln K");
    }
}
