// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PsiTest {
    @Test
    void contributionsAddUpToTheValue() {
        long[] reference = {500, 400, 100, 0};
        long[] current = {560, 430, 0, 10};

        double sum = IntStream.range(0, 4)
                .mapToDouble(bin -> Psi.contribution(reference, current, bin))
                .sum();

        assertThat(sum).isCloseTo(Psi.of(reference, current).value(), within(1e-15));
        assertThat(Psi.contribution(reference, current, 2)).isGreaterThan(0.3);
    }

    /// One of ten even bins goes empty. Half counts make that cost 0.29 / 0.53 / 0.76, more with more evidence; fixed
    /// floors 0.69 (1e-4), 0.21 (1 %), 2.07 (1e-10) and 70.6 (the smallest double), however few were seen.
    @Test
    void whatAnEmptyBinCostsDependsOnTheEvidence() {
        long[] reference = new long[10];
        Arrays.fill(reference, 1_000);
        double[] costs = {0.29, 0.53, 0.76};
        for (int i = 0; i < costs.length; i++) {
            long[] current = new long[10];
            Arrays.fill(current, Math.round(Math.pow(10, i + 2) / 9));
            current[0] = 0;
            assertThat(Psi.contribution(reference, current, 0)).isCloseTo(costs[i], within(0.006));
            double rest = 9 * (1 / 9.0 - 0.1) * StrictMath.log(10 / 9.0);
            assertThat(Psi.withFloor(reference, current, 1e-4) - rest).isCloseTo(0.69, within(0.005));
            assertThat(Psi.withFloor(reference, current, 0.01) - rest).isCloseTo(0.21, within(0.005));
            assertThat(Psi.withFloor(reference, current, 1e-10) - rest).isCloseTo(2.07, within(0.005));
            assertThat(Psi.withFloor(reference, current, Double.MIN_NORMAL) - rest)
                    .isCloseTo(70.6, within(0.05));
        }
    }

    @Test
    void isSymmetricAndIgnoresBinsWithoutMass() {
        long[] reference = {10, 0, 20, 0};
        long[] current = {15, 0, 12, 0};
        Psi psi = Psi.of(reference, current);

        assertThat(psi).isEqualTo(Psi.of(new long[] {10, 20}, new long[] {15, 12}));
        assertThat(psi.value()).isCloseTo(Psi.of(current, reference).value(), within(1e-15));
    }

    @Test
    void anEmptySideOrOneBinShowsNothing() {
        for (Psi psi : List.of(
                Psi.of(new long[] {10, 20}, new long[2]),
                Psi.of(new long[2], new long[] {10, 20}),
                Psi.of(new long[0], new long[0]),
                Psi.of(new long[] {10}, new long[] {20}))) {
            assertThat(psi.degrees()).isZero();
            assertThat(psi.value()).isZero();
            assertThat(psi.pAbove(0.1)).isEqualTo(1);
            assertThat(psi.pBelow(0.1)).isEqualTo(1);
        }
        assertThat(Psi.contribution(new long[] {10, 20}, new long[2], 0)).isZero();
    }

    @Test
    void refusesCountsOfDifferentBins() {
        assertThatThrownBy(() -> Psi.of(new long[2], new long[3])).hasMessageContaining("one baseline");
        assertThatThrownBy(() -> Psi.of(new long[] {-1}, new long[1])).hasMessageContaining("negative");
        assertThatThrownBy(() -> Psi.of(new long[] {1, 2}, new long[] {1, 2}).pAbove(Double.NaN))
                .hasMessageContaining("delta NaN");
    }
}
