// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.function.DoubleToIntFunction;
import org.junit.jupiter.api.Test;

class GridTest {
    private static final long SEED = 20_261_101;

    @Test
    void logCellHoldsItsValueWithinOnePercent() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 200_000; i++) {
            double value = anyPositive(random);
            int cell = LogGrid.cell(value);

            assertThat(value).as("seed %d case %d", SEED, i).isBetween(LogGrid.lower(cell), LogGrid.upper(cell));
            assertThat(value).isLessThan(LogGrid.upper(cell));
            assertThat(Math.abs(LogGrid.value(cell) - value) / value).isLessThan(0.01);
        }
    }

    @Test
    void logCellsMeetAtTheirEdges() {
        for (int cell = LogGrid.FIRST; cell < LogGrid.LAST; cell++) {
            double edge = LogGrid.upper(cell);
            assertThat(edge).isEqualTo(LogGrid.lower(cell + 1));
            assertThat(LogGrid.cell(edge)).isEqualTo(cell + 1);
            assertThat(LogGrid.cell(Math.nextDown(edge))).isEqualTo(cell);
        }
    }

    @Test
    void logGridKeepsItsNumbersForever() {
        assertThat(LogGrid.cell(1)).isZero();
        assertThat(LogGrid.cell(2)).isEqualTo(64);
        assertThat(LogGrid.cell(0.5)).isEqualTo(-64);
        assertThat(LogGrid.cell(1_000_000)).isEqualTo(1274);
        assertThat(LogGrid.cell(Double.MIN_VALUE)).isEqualTo(LogGrid.FIRST);
        assertThat(LogGrid.cell(Double.MAX_VALUE)).isEqualTo(LogGrid.LAST);
        assertThat(LogGrid.value(LogGrid.LAST)).isFinite();
        assertThat(LogGrid.cell(0))
                .isEqualTo(LogGrid.ZERO)
                .isEqualTo(LogGrid.cell(-4))
                .isEqualTo(-1_000_000);
        assertThat(LogGrid.value(LogGrid.ZERO)).isZero();
        assertThat(LogGrid.value(LogGrid.MISSING)).isNaN();
        assertThat(LogGrid.upper(LogGrid.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(LogGrid.lower(LogGrid.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> LogGrid.lower(LogGrid.LAST + 1)).hasMessageContaining("another grid");
    }

    @Test
    void everyGridKeepsMissingAndInfiniteValuesApart() {
        for (DoubleToIntFunction grid : new DoubleToIntFunction[] {LogGrid::cell, UnitGrid::cell, ValueGrid::cell}) {
            assertThat(grid.applyAsInt(Double.NaN)).isEqualTo(-1_000_001);
            assertThat(grid.applyAsInt(Double.POSITIVE_INFINITY)).isEqualTo(1_000_001);
            assertThat(grid.applyAsInt(Double.NEGATIVE_INFINITY)).isEqualTo(-1_000_002);
        }
        assertThat(UnitGrid.upper(UnitGrid.MISSING)).isNaN();
        assertThat(ValueGrid.value(ValueGrid.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(ValueGrid.value(ValueGrid.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void unitGridCutsTheUnitIntoEqualCells() {
        assertThat(UnitGrid.cell(0)).isZero();
        assertThat(UnitGrid.cell(1)).isEqualTo(1023);
        assertThat(UnitGrid.cell(0.5)).isEqualTo(512);
        assertThat(UnitGrid.cell(Math.nextDown(0.5))).isEqualTo(511);
        assertThat(UnitGrid.cell(1.0000001)).isEqualTo(1023);
        assertThat(UnitGrid.cell(-0.1)).isZero();
        assertThat(UnitGrid.upper(511)).isEqualTo(0.5).isEqualTo(UnitGrid.lower(512));
        assertThatThrownBy(() -> UnitGrid.lower(1024)).hasMessageContaining("another grid");
    }

    @Test
    void valueGridIsExactForSmallIntegers() {
        for (int i = -1024; i <= 1024; i++) {
            int cell = ValueGrid.cell(i);
            assertThat(ValueGrid.value(cell)).isEqualTo(i);
            assertThat(ValueGrid.lower(cell)).isEqualTo(i);
            assertThat(ValueGrid.upper(cell)).isEqualTo(i);
            assertThat(ValueGrid.cell(Math.nextUp((double) i))).isEqualTo(i == 0 ? 3 : cell + 1);
            assertThat(ValueGrid.cell(Math.nextDown((double) i))).isLessThan(cell);
        }
        assertThat(ValueGrid.cell(-0.0)).isZero();
        assertThat(ValueGrid.cell(1025)).isEqualTo(ValueGrid.cell(1025.5));
    }

    @Test
    void valueGridKeepsItsNumbersForever() {
        assertThat(ValueGrid.cell(Double.MIN_VALUE)).isEqualTo(3);
        assertThat(ValueGrid.cell(0.999)).isEqualTo(130_817);
        assertThat(ValueGrid.cell(1)).isEqualTo(130_818);
        assertThat(ValueGrid.cell(1.001)).isEqualTo(130_819);
        assertThat(ValueGrid.cell(2.5)).isEqualTo(130_979);
        assertThat(ValueGrid.cell(3)).isEqualTo(131_010);
        assertThat(ValueGrid.cell(100.5)).isEqualTo(131_659);
        assertThat(ValueGrid.cell(1024)).isEqualTo(133_506);
        assertThat(ValueGrid.cell(1024.5)).isEqualTo(133_507);
        assertThat(ValueGrid.cell(1e6)).isEqualTo(134_775);
        assertThat(ValueGrid.cell(Double.MAX_VALUE)).isEqualTo(263_297);
        assertThat(ValueGrid.cell(-2.5)).isEqualTo(-130_979);
        assertThat(ValueGrid.value(263_297)).isFinite();
    }

    /// All cells, each with its neighbour: edges meet, and the order of cells is the order of values.
    @Test
    void valueGridCellsMeetAtTheirEdges() {
        int before = 0;
        for (int cell = 3; cell <= 263_297; cell++) {
            double value;
            try {
                value = ValueGrid.value(cell);
            } catch (IllegalArgumentException none) {
                assertThat(cell % 2).isZero();
                continue;
            }
            assertThat(ValueGrid.cell(value)).isEqualTo(cell);
            assertThat(ValueGrid.lower(cell)).isEqualTo(ValueGrid.upper(before));
            assertThat(value).isGreaterThan(ValueGrid.value(before));
            assertThat(ValueGrid.value(-cell)).isEqualTo(-value);
            assertThat(ValueGrid.lower(-cell)).isEqualTo(-ValueGrid.upper(cell));
            before = cell;
        }
        assertThat(ValueGrid.upper(before)).isEqualTo(LogGrid.upper(LogGrid.LAST));
    }

    @Test
    void valueGridKeepsTheOrderOfValues() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 200_000; i++) {
            double one = anyValue(random);
            double two = i % 2 == 0 ? anyValue(random) : one * random.nextDouble(0.98, 1.02);
            assertThat(Integer.signum(Integer.compare(ValueGrid.cell(one), ValueGrid.cell(two))))
                    .as("seed %d case %d: %s and %s", SEED, i, one, two)
                    .isIn(0, Double.compare(one, two));
            assertThat(ValueGrid.cell(-one)).isEqualTo(-ValueGrid.cell(one));
        }
    }

    @Test
    void valueGridCellHoldsItsValue() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 200_000; i++) {
            double value = anyValue(random);
            int cell = ValueGrid.cell(value);
            assertThat(value).as("seed %d case %d", SEED, i).isBetween(ValueGrid.lower(cell), ValueGrid.upper(cell));
            assertThat(Math.abs(ValueGrid.value(cell) - value)).isLessThanOrEqualTo(0.01 * Math.abs(value));
        }
    }

    @Test
    void valueGridRefusesCellsThatAreNot() {
        for (int cell : new int[] {1, 2, -1, 130_820, 133_508, 263_298, -263_299, 500_000, -1_000_000}) {
            assertThatThrownBy(() -> ValueGrid.value(cell)).hasMessageContaining("another grid");
            assertThatThrownBy(() -> ValueGrid.lower(cell)).hasMessageContaining("another grid");
            assertThatThrownBy(() -> ValueGrid.upper(cell)).hasMessageContaining("another grid");
        }
    }

    @Test
    void unitGridValueIsTheMiddleOfItsCell() {
        assertThat(UnitGrid.value(0)).isEqualTo(0.5 / 1024);
        assertThat(UnitGrid.value(1023)).isEqualTo(1023.5 / 1024);
        assertThat(UnitGrid.value(UnitGrid.MISSING)).isNaN();
        assertThatThrownBy(() -> UnitGrid.value(-1)).hasMessageContaining("another grid");
    }

    private static double anyPositive(SplittableRandom random) {
        return Math.scalb(1 + random.nextDouble(), random.nextInt(-1022, 1024));
    }

    private static double anyValue(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(-1100, 1100);
            case 4 -> random.nextDouble(-70, 70);
            case 1 -> -anyPositive(random);
            case 2 -> anyPositive(random);
            default -> random.nextDouble(0, 3000);
        };
    }
}
