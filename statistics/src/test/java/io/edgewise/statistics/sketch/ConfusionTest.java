// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.statistics.sketch.Confusion.Cell;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConfusionTest {
    @Test
    void countsPairsAndTheirMargins() {
        Confusion confusion = new Confusion();
        confusion.add(2, 1);
        confusion.add(0, 0, 5);
        confusion.add(2, 2);
        confusion.add(2, 1);
        confusion.add(1, 1, 0);

        assertThat(confusion.cells()).containsExactly(new Cell(0, 0, 5), new Cell(2, 1, 2), new Cell(2, 2, 1));
        assertThat(confusion.total()).isEqualTo(8);
        assertThat(confusion.diagonal()).isEqualTo(6);
        assertThat(confusion.agreement()).isEqualTo(0.75);
        assertThat(confusion.rowTotals()).containsExactly(Map.entry(0, 5L), Map.entry(2, 3L));
        assertThat(confusion.columnTotals()).containsExactly(Map.entry(0, 5L), Map.entry(1, 2L), Map.entry(2, 1L));
        assertThat(confusion.count(2, 1)).isEqualTo(2);
        assertThat(confusion.count(1, 2)).isZero();
        assertThat(confusion.count(-1, 0)).isZero();
        assertThat(confusion.toTable(3)).isDeepEqualTo(new long[][] {{5, 0, 0}, {0, 0, 0}, {0, 2, 1}});
    }

    @Test
    void marginsAndTableAddUpToTheTotal() {
        for (int seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Confusion confusion = new Confusion();
            int labels = random.nextInt(1, 20);
            long[][] table = new long[labels][labels];
            for (int i = random.nextInt(500); i > 0; i--) {
                int row = random.nextInt(labels);
                int column = random.nextInt(labels);
                confusion.add(row, column);
                table[row][column]++;
            }

            assertThat(confusion.toTable(labels)).as("seed %s", seed).isDeepEqualTo(table);
            assertThat(confusion.rowTotals().values().stream().mapToLong(n -> n).sum())
                    .isEqualTo(confusion.total());
            assertThat(confusion.columnTotals().values().stream()
                            .mapToLong(n -> n)
                            .sum())
                    .isEqualTo(confusion.total());
        }
    }

    @Test
    void theLargestIndicesTravel() {
        Confusion confusion = new Confusion();
        confusion.add(Integer.MAX_VALUE, Integer.MAX_VALUE);
        confusion.add(0, Integer.MAX_VALUE, 3);

        assertThat(Confusion.decode(confusion.encode()).cells())
                .containsExactly(new Cell(0, Integer.MAX_VALUE, 3), new Cell(Integer.MAX_VALUE, Integer.MAX_VALUE, 1));
    }

    @Test
    void nothingAgreesWithNothingInNoWay() {
        Confusion nothing = new Confusion();
        assertThat(nothing.agreement()).isNaN();
        assertThat(nothing.cells()).isEmpty();
        assertThat(nothing.rowTotals()).isEmpty();
        assertThat(nothing.toTable(0)).isEmpty();
    }

    @Test
    void mistakesAreNamed() {
        Confusion confusion = new Confusion();
        confusion.add(3, 1);
        assertThatThrownBy(() -> confusion.add(-1, 0)).hasMessageContaining("row -1, column 0");
        assertThatThrownBy(() -> confusion.add(0, 0, -2)).hasMessageContaining("count -2 is negative");
        assertThatThrownBy(() -> confusion.toTable(3)).hasMessageContaining("row 3, column 1 lies outside");
        assertThatThrownBy(() -> confusion.toTable(5000)).hasMessageContaining("Use cells() instead");
        assertThatThrownBy(() -> confusion.toTable(-1)).hasMessageContaining("a table of -1 labels");
        assertThat(confusion.total()).isOne();
    }
}
