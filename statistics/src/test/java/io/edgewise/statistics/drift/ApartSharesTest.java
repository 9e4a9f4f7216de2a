// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.reference.Counting;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ApartSharesTest {
    @Test
    void eachKindIsTestedByItself() {
        Cells before = new Cells(new int[] {LogGrid.MISSING, 1, 2}, new long[] {10, 500, 490});
        Cells now = new Cells(
                new int[] {LogGrid.NEGATIVE_INFINITY, LogGrid.MISSING, 1, 2, 7, LogGrid.POSITIVE_INFINITY},
                new long[] {1, 60, 200, 200, 30, 9});

        ApartShares shares = ApartShares.of(before, now);

        assertThat(shares.missing().baseline()).isEqualTo(10);
        assertThat(shares.missing().window()).isEqualTo(60);
        assertThat(shares.missing().p())
                .isEqualTo(new TwoByTwo(10, 990, 60, 440).fisher())
                .isLessThan(1e-15);
        assertThat(shares.negativeInfinite().p()).isGreaterThan(0.3);
        assertThat(shares.positiveInfinite().p()).isLessThan(0.001);
        assertThat(shares.unseen().window()).isEqualTo(30);
        assertThat(shares.unseen().p()).isLessThan(1e-10);
    }

    /// One new category of five among 1,000 and 1,000: all five fall to the window with chance 1/2 each.
    @Test
    void unseenCellsHaveTheChanceOfTheDraw() {
        Cells before = new Cells(new int[] {1, 2}, new long[] {500, 500});
        Cells now = new Cells(new int[] {1, 2, 3}, new long[] {500, 495, 5});

        double exact = 1;
        for (int i = 0; i < 5; i++) {
            exact *= (1000.0 - i) / (2000 - i);
        }
        assertThat(ApartShares.of(before, now).unseen().p()).isCloseTo(exact, within(1e-6));
    }

    @Test
    void rareValuesAreNotUnseenCategories() {
        SplittableRandom random = new SplittableRandom(6);
        double[] x =
                random.doubles(2000).map(u -> Math.exp(-3 * Math.log(1 - u))).toArray();
        double[] y =
                random.doubles(2000).map(u -> Math.exp(-3 * Math.log(1 - u))).toArray();
        ApartShares.Share unseen = ApartShares.of(Counting.count(x, LogGrid::cell), Counting.count(y, LogGrid::cell))
                .unseen();

        assertThat(unseen.window()).isGreaterThan(50);
        assertThat(new TwoByTwo(0, 2000, unseen.window(), 2000 - unseen.window()).p())
                .isLessThan(1e-12);
        assertThat(unseen.p()).isGreaterThan(0.05);
    }

    @Test
    void noDataShowsNothing() {
        Cells some = new Cells(new int[] {1}, new long[] {5});
        for (ApartShares shares : new ApartShares[] {
            ApartShares.of(Cells.empty(), some), ApartShares.of(some, Cells.empty()), ApartShares.of(some, some)
        }) {
            assertThat(shares.missing().p()).isEqualTo(1);
            assertThat(shares.unseen().p()).isEqualTo(1);
        }
    }

    @Test
    void everythingNewIsShown() {
        Cells before = new Cells(new int[] {1}, new long[] {50});
        Cells now = new Cells(new int[] {2}, new long[] {50});

        assertThat(ApartShares.of(before, now).unseen().p()).isBetween(0.0, 1e-25);
    }

    @Test
    void categoriesHaveABinForAllOthers() {
        Cells before = new Cells(new int[] {1, 2, 3, 4, LogGrid.POSITIVE_INFINITY}, new long[] {5, 100, 50, 5, 999});
        ReferenceBins bins = ReferenceBins.ofCategories(before, 3);

        assertThat(bins.atoms()).containsExactly(1, 2, 3);
        assertThat(bins.counts(before)).containsExactly(5, 5, 100, 50);
        assertThat(bins.bin(77)).isZero();
        assertThat(ReferenceBins.ofCategories(Cells.empty(), 3).bins()).isEqualTo(1);
        assertThatThrownBy(() -> ReferenceBins.ofCategories(before, 0)).hasMessageContaining("at least 1");
    }
}
