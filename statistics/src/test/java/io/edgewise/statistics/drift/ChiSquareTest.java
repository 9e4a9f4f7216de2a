// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import org.junit.jupiter.api.Test;

class ChiSquareTest {
    @Test
    void trafficSplitsHaveThePublishedPValues() {
        ChiSquare half = ChiSquare.fit(new long[] {821_588, 815_482}, 1, 1);
        assertThat(half.statistic()).isCloseTo(22.77437, within(1e-5));
        assertThat(half.p()).isCloseTo(1.8218e-06, within(1e-10));
        assertThat(ChiSquare.fit(new long[] {10_500, 989_500}, 0.01, 0.99).p()).isCloseTo(5.03e-07, within(1e-9));
        assertThat(ChiSquare.fit(new long[] {0, 0}, 1, 1).p()).isEqualTo(1);
    }

    @Test
    void rareCategoriesAreOne() {
        ChiSquare test = ChiSquare.pooled(new long[] {100, 50, 2, 1, 3, 0}, new long[] {90, 60, 1, 2, 4, 3});

        assertThat(test.pooled()).isEqualTo(4);
        assertThat(test.degrees()).isEqualTo(2);
        assertThat(test.statistic())
                .isEqualTo(ChiSquare.homogeneity(new long[] {6, 50, 100}, new long[] {10, 60, 90})
                        .statistic());
    }

    @Test
    void aPoolThatIsStillRareTakesTheNextCategory() {
        ChiSquare test = ChiSquare.pooled(new long[] {100, 50, 20, 1}, new long[] {100, 50, 20, 1});
        assertThat(test.pooled()).isEqualTo(2);
        assertThat(test.degrees()).isEqualTo(2);
        ChiSquare nothing = ChiSquare.pooled(new long[] {1, 2}, new long[] {2, 1});
        assertThat(nothing.degrees()).isZero();
        assertThat(nothing.p()).isEqualTo(1);
        ChiSquare none = ChiSquare.pooled(new long[] {100, 200}, new long[] {110, 190});
        assertThat(none.pooled()).isZero();
    }

    @Test
    void aNewCategoryIsOneOfTheCategories() {
        Cells before = new Cells(new int[] {1, 2, LogGrid.POSITIVE_INFINITY}, new long[] {500, 500, 7});
        Cells now = new Cells(new int[] {LogGrid.MISSING, 1, 2, 9}, new long[] {50, 450, 450, 100});

        ChiSquare test = ChiSquare.ofCategories(before, now);

        assertThat(test.degrees()).isEqualTo(2);
        assertThat(test.p()).isLessThan(1e-20);
        assertThat(test.statistic())
                .isCloseTo(
                        ChiSquare.homogeneity(new long[] {500, 500, 0}, new long[] {450, 450, 100})
                                .statistic(),
                        within(1e-9));
    }

    @Test
    void withoutTwoSamplesOrTwoCategoriesNothingIsShown() {
        for (ChiSquare test : new ChiSquare[] {
            ChiSquare.homogeneity(new long[2], new long[2]),
            ChiSquare.homogeneity(new long[] {3, 4}, new long[2]),
            ChiSquare.homogeneity(new long[] {3, 0}, new long[] {9, 0}),
            ChiSquare.homogeneity(new long[0], new long[0]),
            ChiSquare.pooled(new long[] {50, 60}, new long[2]),
            ChiSquare.ofCategories(Cells.empty(), Cells.empty())
        }) {
            assertThat(test.statistic()).isZero();
            assertThat(test.degrees()).isZero();
            assertThat(test.p()).isEqualTo(1).isEqualTo(test.gP());
            assertThat(test.cramersV()).isNaN();
        }
        assertThat(ChiSquare.homogeneity(new long[] {3, 4}, new long[2], new long[] {4, 3})
                        .degrees())
                .isEqualTo(1);
    }

    @Test
    void refusesWhatIsAMistake() {
        assertThatThrownBy(() -> ChiSquare.homogeneity(new long[] {1, 2})).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> ChiSquare.pooled(new long[1], new long[2])).hasMessageContaining("same");
        assertThatThrownBy(() -> ChiSquare.pooled(new long[] {-1}, new long[1])).hasMessageContaining("negative");
        assertThatThrownBy(() -> ChiSquare.fit(new long[] {1, 2}, 1)).hasMessageContaining("one share");
        assertThatThrownBy(() -> ChiSquare.fit(new long[] {1, 2}, 1, 0)).hasMessageContaining("share 0.0");
        assertThatThrownBy(() -> ChiSquare.fit(new long[] {-1, 2}, 1, 1)).hasMessageContaining("negative");
        assertThatThrownBy(() -> new TwoByTwo(1, -2, 3, 4)).hasMessageContaining("negative");
    }

    @Test
    void sharesOfEmptySidesDoNotDiffer() {
        for (TwoByTwo two : new TwoByTwo[] {
            new TwoByTwo(0, 0, 5, 5), new TwoByTwo(5, 5, 0, 0), new TwoByTwo(0, 5, 0, 5), new TwoByTwo(0, 0, 0, 0)
        }) {
            assertThat(two.p()).isEqualTo(1);
            assertThat(two.yates()).isZero();
            assertThat(two.yatesP()).isEqualTo(1);
        }
        TwoByTwo large = new TwoByTwo(100_000_000, 900_000_000, 100_200_000, 899_800_000);
        assertThat(large.p())
                .isCloseTo(large.yatesP(), within(1e-4 * large.yatesP()))
                .isBetween(1e-100, 1e-5);
    }

    /// As Yates' χ² it would be 1e-28, and a false alarm.
    @Test
    void oneRareValueAmongMillionsIsNoAlarm() {
        TwoByTwo rare = new TwoByTwo(0, 10_000_000, 1, 19_999);

        assertThat(rare.p()).isCloseTo(20_000.0 / 10_020_000, within(1e-12));
        assertThat(rare.yatesP()).isLessThan(1e-20);
    }
}
