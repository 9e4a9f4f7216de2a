// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LawTest {
    private static final List<Law> LAWS = List.of(
            Law.binary(0.08),
            Law.binary(0),
            Law.binary(1),
            Law.difference(0.06, 0.01),
            Law.wins(0.35, 0.2),
            Law.gap(0.85, 0.05));

    @Test
    void hasTheMeanThatWasAssumed() {
        assertThat(LAWS.stream().mapToDouble(Law::mean).toArray())
                .containsExactly(new double[] {0.08, 0, 1, 0.05, 0.35, 0.05}, within(1e-12));
    }

    @Test
    void blocksKeepTheMeanAndSpreadByTheirCorrelation() {
        for (Law law : LAWS) {
            for (double correlation : new double[] {0, 0.01, 0.1, 0.5}) {
                Law block = law.ofDeviceBlocks(20, correlation);

                assertThat(block.mean()).isCloseTo(law.mean(), within(1e-8));
                assertThat(variance(block))
                        .as("%s correlation %s", law, correlation)
                        .isCloseTo(variance(law) * (1 + 19 * correlation) / 20, within(1e-8));
            }
            assertThat(law.ofDeviceBlocks(1, 0.3).mean()).isCloseTo(law.mean(), within(1e-9));
        }
    }

    @Test
    void blocksStayInTheRangeOfTheirObservations() {
        double[] means = Law.gap(0.85, 0.05).ofDeviceBlocks(20, 0.05).values();

        assertThat(means).hasSize(21).isSorted();
        assertThat(means[0]).isEqualTo(0.85 - 1);
        assertThat(means[20]).isEqualTo(0.85);
    }

    @Test
    void isAValue() {
        double[] values = {0, 1};
        Law law = new Law(values, new double[] {0.5, 0.5});
        values[0] = 9;
        law.values()[0] = 9;
        law.probabilities()[0] = 9;

        assertThat(law).isEqualTo(Law.binary(0.5)).hasSameHashCodeAs(Law.binary(0.5));
        assertThat(law).hasToString("Law[[0.0, 1.0] with [0.5, 0.5]]");
    }

    @Test
    void refusesWhatIsNoDistribution() {
        assertThatThrownBy(() -> Law.binary(1.2)).hasMessageContaining("out of reach");
        assertThatThrownBy(() -> Law.binary(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Law.wins(0.05, 0.2)).hasMessageContaining("must not be negative");
        assertThatThrownBy(() -> new Law(new double[0], new double[0])).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new Law(new double[] {1, 0}, new double[] {0.5, 0.5}))
                .hasMessageContaining("ascending");
        assertThatThrownBy(() -> new Law(new double[] {0, 1}, new double[] {0.5, 0.6}))
                .hasMessageContaining("sum to 1");
        assertThatThrownBy(() -> Law.binary(0.1).ofDeviceBlocks(0, 0)).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> Law.binary(0.1).ofDeviceBlocks(20, 1)).hasMessageContaining("correlation 1");
    }

    private static double variance(Law law) {
        double[] p = law.probabilities();
        double[] x = law.values();
        double[] squares = new double[p.length];
        Arrays.setAll(squares, i -> p[i] * (x[i] - law.mean()) * (x[i] - law.mean()));
        return Arrays.stream(squares).sum();
    }
}
