// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardNormalTest {
    /// SciPy's norm.isf.
    @ParameterizedTest
    @CsvSource({
        "0.5, 0",
        "0.025, 1.9599639845400545",
        "0.005, 2.5758293035489004",
        "1e-10, 6.361340902404056",
        "1e-15, 7.941345326170997",
        "1e-100, 21.273453560965322",
        "1e-300, 37.0470962993612",
        "0.975, -1.959963984540054"
    })
    void quantilesAreRightFarOutToo(double tail, double z) {
        assertThat(StandardNormal.quantileAbove(tail)).isCloseTo(z, within(4e-15 * Math.max(1, Math.abs(z))));
    }

    @Test
    void quantileAndTailAreInverse() {
        for (double ln = -690; ln < -0.01; ln += 0.37) {
            double tail = StrictMath.exp(ln);
            assertThat(StandardNormal.above(StandardNormal.quantileAbove(tail)))
                    .as("ln tail %s", ln)
                    .isCloseTo(tail, withinPercentage(1e-9));
        }
    }

    @Test
    void tailsAreSymmetric() {
        for (double z = 0; z < 37; z += 0.31) {
            assertThat(StandardNormal.above(z) + StandardNormal.above(-z)).isCloseTo(1, within(1e-15));
            assertThat(StandardNormal.beyond(-z)).isEqualTo(2 * StandardNormal.above(z));
        }
        assertThat(StandardNormal.above(Double.POSITIVE_INFINITY)).isZero();
        assertThat(StandardNormal.above(Double.NEGATIVE_INFINITY)).isEqualTo(1);
        assertThat(StandardNormal.beyond(Double.NaN)).isNaN();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.1, 1e-301, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesWhatIsNoTail(double tail) {
        assertThatThrownBy(() -> StandardNormal.quantileAbove(tail))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("StandardNormal: tail ");
    }
}
