// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.special;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.edgewise.statistics.calibration.CalibrationBins;
import io.edgewise.statistics.drift.ChiSquare;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.KolmogorovSmirnov.Gap;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.drift.SampleBins;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.proportion.BinomialTails;
import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.McNemar;
import io.edgewise.statistics.proportion.Proportion;
import io.edgewise.statistics.proportion.WilsonPlan;
import io.edgewise.statistics.sequential.AsymptoticSequence;
import io.edgewise.statistics.sequential.QuantileSequence;
import io.edgewise.statistics.sequential.TruncatedBeta;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What nobody asks in earnest is answered rightly and at once, or refused with a reason.
class ExtremeInputsTest {
    private static final long MOST = Long.MAX_VALUE;
    private static final Gap NO_GAP = new Gap(0, 1);

    /// χ² quantiles over 2 n, by SciPy.
    @Test
    void boundsOfRareEventsAmongAnyNumberKeepTheirDigits() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            Proportion none = new Proportion(0, MOST);
            assertNear(none.jeffreys(0.05).high(), 2.72345415930336e-19);
            assertNear(none.clopperPearson(0.05).high(), 3.688879454113936 / MOST);
            assertNear(none.wilson(0.05).high(), 3.841458820694124 / MOST);
            assertNear(none.wilsonUpper(0.025), 3.841458820694124 / MOST);
            assertNear(new Proportion(0, 1L << 53).jeffreys(0.05).high(), 2.7888170591266404e-16);
            Interval few = new Proportion(3, 1L << 60).clopperPearson(0.05);
            assertNear(few.low(), 5.36612527759704e-19);
            assertNear(few.high(), 7.604397207190628e-18);
            assertNear(BinomialTails.atMost(3, 1_000_000_000_000_000_000L, 1e-17), 0.010336050675925726);
            assertThat(new Proportion(MOST / 2, MOST).clopperPearson(0.05).contains(0.5))
                    .isTrue();
            assertThat(new McNemar(0, 1L << 61, 1L << 61, 0).pExact()).isCloseTo(1, within(1e-9));
        });
    }

    @Test
    void plansThatNeedMoreThanThereIsAreNotNumbers() {
        assertThat(new WilsonPlan(0.5, 0.5 + 1e-13, 0.05).observations(0.8)).isEmpty();
        assertThatThrownBy(() -> new WilsonPlan(0.5, 0.6, 0.05).power(MOST)).hasMessageContaining("2^62");
        assertThatThrownBy(() -> new WilsonPlan(0.5, 0.6, 0.05).fewestEvents(-5))
                .hasMessageContaining("-5 observations");
        assertThatThrownBy(() -> new QuantileSequence(1 - 1e-16, 0.05, 1000).leastForUpper())
                .hasMessageContaining("lower quantile");
    }

    @Test
    void infinitiesAndOverflowsAreRefusedOrAvoided() {
        assertThatThrownBy(() -> TruncatedBeta.logE(1, 2, 0.5, Double.POSITIVE_INFINITY, 1))
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> ChiSquare.fit(new long[] {1, 2}, 1e308, 1e308)).hasMessageContaining("divide all");
        assertThat(AsymptoticSequence.radius(MOST, 1e300, 0.05, 10)).isLessThan(1e293);
        ChiSquare large = ChiSquare.homogeneity(new long[] {MOST, MOST}, new long[] {MOST, 1});
        assertThat(large.g()).isGreaterThan(large.statistic() / 2);
        assertThat(Psi.of(new long[] {MOST - 1, 1}, new long[] {MOST - 1, 1}).degrees())
                .isEqualTo(1);
    }

    @Test
    void binsAndResultsThatCannotBeAreRefused() {
        long[] two = {1, 2};
        assertThatThrownBy(() -> Psi.contribution(two, two, 7)).hasMessageContaining("no bin 7 among 2");
        assertThatThrownBy(() -> SampleBins.orderStatistics(new double[] {1}, Integer.MAX_VALUE))
                .hasMessageContaining("2^20");
        assertThatThrownBy(() -> ReferenceBins.of(Cells.empty(), Integer.MAX_VALUE))
                .hasMessageContaining("2^20");
        assertThatThrownBy(
                        () -> CalibrationBins.equalWidth(new double[] {0.5}, new boolean[] {true}, Integer.MAX_VALUE))
                .hasMessageContaining("2^20");
        assertThatThrownBy(() -> CalibrationBins.bin(0.5, 0)).hasMessageContaining("0 bins");
        assertThatThrownBy(() -> new KolmogorovSmirnov(0, 0, NO_GAP, NO_GAP, 0, 0))
                .hasMessageContaining("ofBins()");
        assertThatThrownBy(() -> new KolmogorovSmirnov(-5, 3, NO_GAP, NO_GAP, 0, 0))
                .hasMessageContaining("-5");
        assertThatThrownBy(() -> new KolmogorovSmirnov(5, 3, new Gap(7, 1), NO_GAP, 0, 0))
                .hasMessageContaining("size=7.0");
    }

    private static void assertNear(double found, double expected) {
        assertThat(found).isCloseTo(expected, within(1e-12 * expected));
    }
}
