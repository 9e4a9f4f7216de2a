// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
