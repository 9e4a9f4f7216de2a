// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.drift.PopulationShares.Category;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.reference.Counting;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PopulationTest {
    private static final double LOW = -5.006853098331658;
    private static final double HIGH = 12.673519764998325;

    /// Newcombe 1998, table II, example (a): 56/70 and 48/80, difference 0.2000, method 10: 0.0524 to 0.3339.
    @Test
    void changesHaveNewcombesIntervals() {
        PopulationShares shares =
                PopulationShares.of(Map.of("new", 48L, "old", 32L), Map.of("new", 56L, "old", 14L), 0.95);

        Category first = shares.categories().getFirst();
        assertThat(first.name()).isEqualTo("new");
        assertThat(first.change()).isCloseTo(0.2, within(1e-12));
        assertThat(first.changeInterval().low()).isCloseTo(0.0524, within(5e-5));
        assertThat(first.changeInterval().high()).isCloseTo(0.3339, within(5e-5));
        assertThat(shares.moved()).isCloseTo(0.2, within(1e-12));
        assertThat(shares.test().degrees()).isEqualTo(1);
    }

    /// Newcombe 1998 (single proportion): 81/263 by the score method 0.2553 to 0.3662.
    @Test
    void sharesHaveWilsonsIntervals() {
        Category category = PopulationShares.of(Map.of("a", 81L, "b", 182L), Map.of("a", 0L, "b", 20L), 0.95)
                .categories()
                .getFirst();

        assertThat(category.reference().interval().low()).isCloseTo(0.2553, within(5e-5));
        assertThat(category.reference().interval().high()).isCloseTo(0.3662, within(5e-5));
        assertThat(category.current().interval().low()).isZero();
        assertThat(category.current().interval().high()).isCloseTo(0.1611, within(5e-5));
    }

    @Test
    void categoriesOfOneSideCountZeroOnTheOther() {
        PopulationShares shares =
                PopulationShares.of(Map.of("gone", 100L, "kept", 100L), Map.of("kept", 90L, "new", 110L), 0.95);

        assertThat(shares.categories().stream().map(Category::name)).containsExactly("gone", "kept", "new");
        assertThat(shares.categories().getFirst().change()).isEqualTo(-0.5);
        assertThat(shares.categories().getLast().reference().count()).isZero();
        assertThat(shares.moved()).isCloseTo(0.55, within(1e-12));
        assertThat(shares.test().p()).isLessThan(1e-12);
    }

    @Test
    void anEmptySideHasNoShares() {
        PopulationShares shares = PopulationShares.of(Map.of("a", 5L), Map.of(), 0.95);

        assertThat(shares.categories().getFirst().current().share()).isNaN();
        assertThat(shares.categories().getFirst().change()).isNaN();
        assertThat(shares.categories().getFirst().changeInterval().low()).isNaN();
        assertThat(shares.moved()).isNaN();
        assertThat(shares.test().p()).isEqualTo(1);
        assertThat(PopulationShares.of(Map.of(), Map.of(), 0.95).categories()).isEmpty();
        assertThatThrownBy(() -> PopulationShares.of(Map.of("a", -5L), Map.of(), 0.95))
                .hasMessageContaining("\"a\"");
        assertThatThrownBy(() -> PopulationShares.of(Map.of(), Map.of(), 95)).hasMessageContaining("confidence");
    }

    /// scipy.stats.ttest_ind([2, 8, 8, 16], [2, 4, 8], equal_var=False).confidence_interval(0.95); powers of two are
    /// lower edges of log cells, which stand for values 1/128 higher.
    @Test
    void entropyHasWelchsInterval() {
        double[] before = {LogGrid.value(64), LogGrid.value(128), LogGrid.value(192)};
        double[] now = {LogGrid.value(64), LogGrid.value(192), LogGrid.value(192), LogGrid.value(256)};
        EntropyDrift drift =
                EntropyDrift.of(Counting.count(before, LogGrid::cell), Counting.count(now, LogGrid::cell), 0.95);
        double unit = 1 + 1.0 / 128;

        assertThat(drift.reference()).isCloseTo(14 / 3.0 * unit, within(1e-12));
        assertThat(drift.current()).isCloseTo(8.5 * unit, within(1e-12));
        assertThat(drift.low()).isCloseTo(LOW * unit, within(1e-6));
        assertThat(drift.high()).isCloseTo(HIGH * unit, within(1e-6));
        assertThat(drift.distributions().n()).isEqualTo(3);
    }

    @Test
    void entropyIntervalCoversTheTruth() {
        SplittableRandom random = new SplittableRandom(14);
        int covered = 0;
        for (int run = 0; run < 1000; run++) {
            double[] before = random.doubles(200).map(u -> u < 0.2 ? 0 : u).toArray();
            double[] now = random.doubles(300).map(u -> u < 0.2 ? 0 : u).toArray();
            EntropyDrift drift =
                    EntropyDrift.of(Counting.count(before, LogGrid::cell), Counting.count(now, LogGrid::cell), 0.95);
            covered += drift.low() <= 0 && drift.high() >= 0 ? 1 : 0;
        }
        assertThat(covered).as("seed 14").isBetween(930, 970);
    }

    @Test
    void entropyWithoutDataOrSpreadIsSaidSo() {
        Cells none = Cells.empty();
        Cells missing = new Cells(new int[] {LogGrid.MISSING, LogGrid.POSITIVE_INFINITY}, new long[] {4, 4});
        Cells zero = new Cells(new int[] {LogGrid.ZERO}, new long[] {9});
        Cells one = new Cells(new int[] {0}, new long[] {1});

        assertThat(EntropyDrift.of(none, zero, 0.95).reference()).isNaN();
        assertThat(EntropyDrift.of(missing, zero, 0.95).difference()).isNaN();
        assertThat(EntropyDrift.of(missing, zero, 0.95).distributions().p()).isEqualTo(1);
        assertThat(EntropyDrift.of(zero, one, 0.95).low()).isNaN();
        EntropyDrift constant = EntropyDrift.of(zero, zero, 0.95);
        assertThat(constant.low()).isZero();
        assertThat(constant.high()).isZero();
        assertThatThrownBy(() -> EntropyDrift.of(zero, zero, 1)).hasMessageContaining("confidence");
    }
}
