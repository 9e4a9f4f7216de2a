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
        for (int i = 0; i <= 1024; i++) {
            assertThat(ValueGrid.cell(i)).isEqualTo(i);
            assertThat(ValueGrid.value(i)).isEqualTo(i);
        }
        assertThat(ValueGrid.cell(-0.0)).isZero();
        assertThat(ValueGrid.cell(1025)).isGreaterThan(10_000);
    }

    @Test
    void valueGridKeepsOrderWithinEachPart() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 100_000; i++) {
            double one = anyValue(random);
            double two = anyValue(random);
            if (part(one) == part(two)) {
                assertThat(Integer.signum(Integer.compare(ValueGrid.cell(one), ValueGrid.cell(two))))
                        .as("seed %d case %d: %s and %s", SEED, i, one, two)
                        .isIn(0, Double.compare(one, two));
            } else {
                assertThat(ValueGrid.cell(one) < ValueGrid.cell(two)).isEqualTo(part(one) < part(two));
            }
        }
    }

    @Test
    void valueGridCellHoldsItsValue() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 100_000; i++) {
            double value = anyValue(random);
            int cell = ValueGrid.cell(value);
            assertThat(value).as("seed %d case %d", SEED, i).isBetween(ValueGrid.lower(cell), ValueGrid.upper(cell));
            assertThat(Math.abs(ValueGrid.value(cell) - value)).isLessThanOrEqualTo(0.01 * Math.abs(value));
        }
        assertThatThrownBy(() -> ValueGrid.value(5000)).hasMessageContaining("another grid");
    }

    private static int part(double value) {
        boolean exact = value >= 0 && value <= 1024 && value == Math.rint(value);
        return value < 0 ? 0 : exact ? 1 : 2;
    }

    private static double anyPositive(SplittableRandom random) {
        return Math.scalb(1 + random.nextDouble(), random.nextInt(-1022, 1024));
    }

    private static double anyValue(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0, 1025);
            case 1 -> -anyPositive(random);
            case 2 -> anyPositive(random);
            default -> random.nextDouble(0, 3000);
        };
    }
}
