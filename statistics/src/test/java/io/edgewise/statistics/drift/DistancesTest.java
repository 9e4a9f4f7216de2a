// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import io.edgewise.statistics.reference.Counting;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DistancesTest {
    @Test
    void cellsGiveTheDistanceToTheWidthOfACell() {
        SplittableRandom random = new SplittableRandom(12);
        double[] x = random.doubles(5000).map(u -> -Math.log(1 - u)).toArray();
        double[] y = random.doubles(4000).map(u -> -1.3 * Math.log(1 - u)).toArray();
        SampleDistances exact = SampleDistances.of(x, y);
        double size = Arrays.stream(x).average().orElseThrow()
                + Arrays.stream(y).average().orElseThrow();

        SampleDistances log = SampleDistances.ofCells(
                Counting.count(x, LogGrid::cell), Counting.count(y, LogGrid::cell), LogGrid::value);
        SampleDistances value = SampleDistances.ofCells(
                Counting.count(x, ValueGrid::cell), Counting.count(y, ValueGrid::cell), ValueGrid::value);
        assertThat(log.wasserstein()).isCloseTo(exact.wasserstein(), within(0.01 * size));
        assertThat(log.normalised()).isCloseTo(exact.normalised(), within(0.02));
        assertThat(log.energy()).isCloseTo(exact.energy(), within(0.01));
        assertThat(value.wasserstein()).isCloseTo(exact.wasserstein(), within(0.01 * size));
    }

    @Test
    void cellsOfExactIntegersGiveTheExactDistance() {
        SplittableRandom random = new SplittableRandom(13);
        double[] x = random.ints(500, -50, 900).asDoubleStream().toArray();
        double[] y = random.ints(400, 0, 1000).asDoubleStream().toArray();
        SampleDistances exact = SampleDistances.of(x, y);
        SampleDistances cells = SampleDistances.ofCells(
                Counting.count(x, ValueGrid::cell), Counting.count(y, ValueGrid::cell), ValueGrid::value);

        assertThat(cells.wasserstein()).isCloseTo(exact.wasserstein(), within(1e-9));
        assertThat(cells.normalised()).isCloseTo(exact.normalised(), within(1e-12));
        assertThat(cells.energy()).isCloseTo(exact.energy(), within(1e-12));
    }

    @Test
    void noDataIsNoDistance() {
        Cells missing = new Cells(new int[] {UnitGrid.MISSING}, new long[] {4});
        for (SampleDistances distances : new SampleDistances[] {
            SampleDistances.of(new double[0], new double[] {1}),
            SampleDistances.of(new double[] {1}, new double[0]),
            SampleDistances.ofCells(missing, missing, UnitGrid::value)
        }) {
            assertThat(distances.wasserstein()).isNaN();
            assertThat(distances.normalised()).isNaN();
            assertThat(distances.energy()).isNaN();
        }
        double[] none = {0, 0};
        double[] some = {1, 0};
        assertThat(Distances.totalVariation(none, some)).isNaN();
        assertThat(Distances.jensenShannonDistanceBits(some, none)).isNaN();
        assertThat(Distances.kullbackLeibler(new double[0], new double[0])).isNaN();
    }

    @Test
    void refusesWhatIsAMistake() {
        assertThatThrownBy(() -> Distances.hellinger(new double[1], new double[2]))
                .hasMessageContaining("same");
        assertThatThrownBy(() -> Distances.hellinger(new double[] {-1}, new double[1]))
                .hasMessageContaining("-1.0 at 0");
        assertThatThrownBy(() -> Distances.hellinger(new double[] {Double.NaN}, new double[1]))
                .hasMessageContaining("NaN at 0");
        assertThatThrownBy(() -> Distances.hellinger(new double[] {Double.MAX_VALUE, Double.MAX_VALUE}, new double[2]))
                .hasMessageContaining("infinity");
        assertThatThrownBy(() -> SampleDistances.of(new double[] {1, Double.POSITIVE_INFINITY}, new double[1]))
                .hasMessageContaining("Infinity");
        assertThatThrownBy(() -> SampleDistances.of(new double[] {1}, new double[] {Double.NaN}))
                .hasMessageContaining("current[0] is NaN");
        Cells two = new Cells(new int[] {1, 2}, new long[] {1, 1});
        assertThatThrownBy(() -> SampleDistances.ofCells(two, two, cell -> -cell))
                .hasMessageContaining("in order");
    }

    @Test
    void sampleBinsAreCutAndComparedByContent() {
        SampleBins bins = SampleBins.orderStatistics(new double[] {-0.0, 1, 2, 3}, 2);
        assertThat(bins).isEqualTo(new SampleBins(new double[] {1})).hasSameHashCodeAs(new SampleBins(new double[] {1
        }));
        assertThat(bins).hasToString("SampleBins[1.0]");
        assertThat(bins.counts(-0.0, 0, 1, 1.5, Double.POSITIVE_INFINITY)).containsExactly(3, 2);
        assertThat(SampleBins.orderStatistics(new double[] {5, 5, 5}, 10).counts(5, 6))
                .containsExactly(1, 1);
        assertThatThrownBy(() -> bins.bin(Double.NaN)).hasMessageContaining("NaN is in no bin");
        assertThatThrownBy(() -> SampleBins.type7(new double[0], 10)).hasMessageContaining("1 observation");
        assertThatThrownBy(() -> SampleBins.type7(new double[] {1}, 1)).hasMessageContaining("at least 2 bins");
        assertThatThrownBy(() -> new SampleBins(new double[] {2, 1})).hasMessageContaining("ascending");
    }
}
