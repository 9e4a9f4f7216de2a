// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.special;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.statistics.calibration.CalibrationBins;
import io.edgewise.statistics.classification.AgreementTotals;
import io.edgewise.statistics.classification.Kappa;
import io.edgewise.statistics.classification.WinShare;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.PopulationShares;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.drift.TwoByTwo;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.proportion.McNemar;
import io.edgewise.statistics.sequential.ExposureShare;
import io.edgewise.statistics.sequential.Values;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CountsTest {
    private static final long MOST = Long.MAX_VALUE;
    private static final long[] TOO_MANY = {MOST, 1};

    @Test
    void sumsAndProductsAreThoseOfMathOrRefused() {
        assertThat(Counts.add(MOST - 1, 1)).isEqualTo(MOST);
        assertThat(Counts.times(1L << 31, 1L << 31)).isEqualTo(1L << 62);
        assertThat(Counts.times(0, MOST)).isZero();
        assertThatThrownBy(() -> Counts.add(MOST, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Counts 9223372036854775807 and 1 add up");
        assertThatThrownBy(() -> Counts.times(1L << 32, 1L << 31)).hasMessageContaining("count fewer");
        assertThatThrownBy(() -> Counts.times(1L << 32, 1L << 32)).hasMessageContaining("count fewer");
    }

    /// "long overflow" tells nobody which count is damaged.
    @Test
    void whoeverAddsCountsSaysWhatIsWrong() {
        Cells cells = new Cells(new int[] {1, 2}, TOO_MANY);
        List<ThrowingCallable> sums = List.of(
                cells::total,
                () -> cells.plus(cells),
                () -> Psi.of(TOO_MANY, TOO_MANY),
                () -> KolmogorovSmirnov.ofBins(TOO_MANY, TOO_MANY),
                () -> ReferenceBins.of(new Cells(new int[] {1}, new long[] {MOST}), 10),
                () -> PopulationShares.of(Map.of("a", MOST, "b", 1L), Map.of("a", 1L), 0.95),
                () -> new TwoByTwo(MOST, 1, 0, 0),
                () -> new McNemar(MOST, 1, 0, 0),
                () -> new Values(new double[] {0, 1}, TOO_MANY).n(),
                () -> new ExposureShare(0.5).logEMore(MOST, 1),
                () -> Kappa.of(new long[][] {TOO_MANY, TOO_MANY}),
                () -> new WinShare(MOST, 1, 0, 0).judged(),
                () -> new AgreementTotals(MOST, 1, 0, 0).joined(),
                () -> new CalibrationBins(TOO_MANY, new long[2], new double[2]).total());
        for (int i = 0; i < sums.size(); i++) {
            assertThatThrownBy(sums.get(i))
                    .as("case %d", i)
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageStartingWith("Counts 9223372036854775807 ");
        }
    }
}
