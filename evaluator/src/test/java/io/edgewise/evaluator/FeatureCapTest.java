// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.ValueGrid;
import io.edgewise.testkit.SeededCases;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FeatureCapTest {
    private static final int RECORDS = 2_000;
    private static final int FEATURES = 32;

    @Test
    void whatAnAppDeclaresFindsRoomAndIsAddedAsItIs() {
        SeededCases.forAll(20, random -> {
            Tally sum = new Tally();
            Tally expected = new Tally();
            for (int part = 0; part < 10; part++) {
                Tally counted = new Tally();
                for (int i = random.nextInt(40); i > 0; i--) {
                    int cell = ValueGrid.cell(Math.exp(12 * random.nextDouble()) - 100);
                    counted.add(Measures.FEATURE + random.nextInt(FEATURES), cell, 1 + random.nextInt(5));
                    counted.add(Measures.PAIRS, random.nextInt(4), 1);
                }
                LabelCap.merge(sum, counted);
                expected.merge(counted);
            }
            assertThat(sum).isEqualTo(expected);
        });
    }

    @Test
    void valuesOfRandomBitsTakeABoundedNumberOfCellsAndNoneIsLost() {
        SplittableRandom random = new SplittableRandom(1);
        Tally sum = new Tally();
        for (int part = 0; part < 20; part++) {
            Tally counted = new Tally();
            for (int record = 0; record < RECORDS; record++) {
                counted.add(Measures.FEATURE + "noise", cell(random));
            }
            LabelCap.merge(sum, counted);
        }

        Counts noise = sum.read(Measures.FEATURE + "noise");
        assertThat(noise.size()).isBetween(FeatureCap.MOST_CELLS, FeatureCap.MOST_CELLS + 3);
        assertThat(noise.sum()).isEqualTo(20L * RECORDS);
        for (int cell : noise.buckets()) {
            assertThat(ValueGrid.cell(ValueGrid.value(cell))).isEqualTo(cell);
        }
    }

    @Test
    void allFeaturesOfASumTakeABoundedNumberOfCells() {
        SplittableRandom random = new SplittableRandom(2);
        Tally sum = new Tally();
        for (int part = 0; part < 4; part++) {
            Tally counted = new Tally();
            for (int record = 0; record < RECORDS; record++) {
                for (int feature = 0; feature < FEATURES; feature++) {
                    counted.add(Measures.FEATURE + feature, cell(random));
                }
            }
            LabelCap.merge(sum, counted);
        }

        assertThat(sum.measures(Measures.FEATURE)).hasSize(FEATURES);
        int cells = sum.measures(Measures.FEATURE).stream()
                .mapToInt(each -> sum.read(each).size())
                .sum();
        assertThat(cells).isBetween(FeatureCap.MOST_CELLS_IN_ALL, FeatureCap.MOST_CELLS_IN_ALL + 4 * FEATURES);
        for (int feature = 0; feature < FEATURES; feature++) {
            assertThat(sum.sum(Measures.FEATURE + feature)).isEqualTo(4L * RECORDS);
        }
    }

    @Test
    void namesBeyondTheCapAreCountedTogetherAndThoseThatCameInTimeGoOn() {
        Tally sum = new Tally();
        for (int round = 0; round < 2; round++) {
            for (int name = 0; name < 1_000; name++) {
                LabelCap.merge(sum, new Tally().add(Measures.FEATURE + "f" + name, ValueGrid.cell(name)));
            }
        }

        assertThat(sum.measures(Measures.FEATURE)).hasSize(FeatureCap.MOST_NAMES + 1);
        assertThat(sum.sum(Measures.FEATURE + "f7")).isEqualTo(2);
        assertThat(sum.sum(MeasureTable.OTHER_FEATURE)).isEqualTo(2L * (1_000 - FeatureCap.MOST_NAMES));
    }

    @Test
    void aCellWithoutRoomIsCountedInTheNearestOneAndAMissingValueIsNot() {
        String feature = Measures.FEATURE + "tokens";
        Tally sum = new Tally();
        for (int cell = 0; cell < FeatureCap.MOST_CELLS; cell++) {
            sum.add(feature, 10 * cell);
        }

        Tally more = new Tally()
                .add(feature, -1_000)
                .add(feature, 14)
                .add(feature, 16)
                .add(feature, 20)
                .add(feature, 900_000)
                .add(feature, ValueGrid.MISSING);
        LabelCap.merge(sum, more);

        assertThat(sum.get(feature, 0)).isEqualTo(2);
        assertThat(sum.get(feature, 10)).isEqualTo(2);
        assertThat(sum.get(feature, 20)).isEqualTo(3);
        assertThat(sum.get(feature, 10 * (FeatureCap.MOST_CELLS - 1))).isEqualTo(2);
        assertThat(sum.get(feature, ValueGrid.MISSING)).isEqualTo(1);
        assertThat(sum.read(feature).size()).isEqualTo(FeatureCap.MOST_CELLS + 1);
    }

    private static int cell(SplittableRandom random) {
        return ValueGrid.cell(Double.longBitsToDouble(random.nextLong()));
    }
}
