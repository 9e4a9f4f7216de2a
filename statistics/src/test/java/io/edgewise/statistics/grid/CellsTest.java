// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.statistics.reference.Counting;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CellsTest {
    @Test
    void countsWhatItHolds() {
        Cells cells = new Cells(new int[] {-3, 0, 9}, new long[] {4, 1, 2});

        assertThat(cells.total()).isEqualTo(7);
        assertThat(cells.count(9)).isEqualTo(2);
        assertThat(cells.count(8)).isZero();
        assertThat(Cells.empty().total()).isZero();
    }

    @Test
    void sumsLikeCountingAllTogether() {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 300; i++) {
            double[] one = random.doubles(random.nextInt(0, 60))
                    .map(u -> Math.floor(40 * u))
                    .toArray();
            double[] two = random.doubles(random.nextInt(0, 60))
                    .map(u -> Math.floor(40 * u))
                    .toArray();
            double[] all =
                    DoubleStream.concat(Arrays.stream(one), Arrays.stream(two)).toArray();
            Cells first = Counting.count(one, v -> (int) v);
            Cells second = Counting.count(two, v -> (int) v);

            assertThat(first.plus(second))
                    .as("seed %d case %d", seed, i)
                    .isEqualTo(second.plus(first))
                    .isEqualTo(Counting.count(all, v -> (int) v));
            assertThat(first.plus(Cells.empty())).isEqualTo(first);
            assertThat(first.plus(second).plus(first)).isEqualTo(first.plus(second.plus(first)));
        }
    }

    @Test
    void cannotBeChangedFromOutside() {
        int[] at = {1, 2};
        long[] counts = {3, 4};
        Cells cells = new Cells(at, counts);

        at[0] = 7;
        counts[0] = 7;
        cells.cells()[1] = 8;
        cells.counts()[1] = 8;

        assertThat(cells).isEqualTo(new Cells(new int[] {1, 2}, new long[] {3, 4}));
        assertThat(cells).hasSameHashCodeAs(new Cells(new int[] {1, 2}, new long[] {3, 4}));
        assertThat(cells).isNotEqualTo(new Cells(new int[] {1, 2}, new long[] {3, 5}));
        assertThat(cells).hasToString("Cells[[1, 2] x [3, 4]]");
    }

    @Test
    void refusesWhatCannotComeFromCounting() {
        assertThatThrownBy(() -> new Cells(new int[] {1}, new long[] {0})).hasMessageContaining("count 0 at cell 1");
        assertThatThrownBy(() -> new Cells(new int[] {1, 1}, new long[] {1, 1})).hasMessageContaining("ascending");
        assertThatThrownBy(() -> new Cells(new int[] {2, 1}, new long[] {1, 1})).hasMessageContaining("ascending");
        assertThatThrownBy(() -> new Cells(new int[] {2}, new long[0])).hasMessageContaining("one count for each");
    }
}
