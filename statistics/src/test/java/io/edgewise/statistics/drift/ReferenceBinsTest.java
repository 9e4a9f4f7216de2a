// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.reference.Counting;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceBinsTest {
    /// Left out: 12, 16 and 17 have atoms, which the reference cuts like any value; 22 to 26 are counts without values.
    static List<Case> withoutAtoms() {
        return Reference.cases(
                "psi.json",
                c -> c.input().has("reference") && !List.of("12", "16", "17").contains(c.id().substring(0, 2)));
    }

    @ParameterizedTest
    @MethodSource("withoutAtoms")
    void equalsOrderStatisticBinsWhereThereAreNoAtoms(Case reference) {
        double[] baseline = Reference.sample(reference.input().get("reference"));
        double[] current = Reference.sample(reference.input().get("current"));
        double[] distinct = distinct(baseline, current);
        JsonNode expected = reference.expected().get("order_statistic_bins");

        Cells cells = ranks(baseline, distinct);
        ReferenceBins bins =
                ReferenceBins.of(cells, reference.input().path("bins").asInt(10));

        assertThat(bins.atoms()).isEmpty();
        assertThat(Arrays.stream(bins.cuts()).mapToDouble(c -> distinct[c]).toArray())
                .containsExactly(Reference.sample(expected.get("cuts")), within(1e-9));
        assertThat(bins.counts(cells)).containsExactly(Reference.counts(expected.get("reference_counts")));
        assertThat(bins.counts(ranks(current, distinct)))
                .containsExactly(Reference.counts(expected.get("current_counts")));
    }

    @Test
    void atomsHaveBinsOfTheirOwnAndUnseenValuesTheLastOne() {
        Case integers =
                Reference.cases("psi.json", c -> c.id().startsWith("16")).getFirst();
        double[] baseline = Reference.sample(integers.input().get("reference"));
        double[] current = Reference.sample(integers.input().get("current"));
        ReferenceBins bins = ReferenceBins.of(Counting.count(baseline, v -> (int) v), 10);

        assertThat(bins.atoms()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(bins.cuts()).isEmpty();
        assertThat(bins.counts(Counting.count(baseline, v -> (int) v))).containsExactly(0, 43, 49, 49, 54, 49, 56);
        assertThat(bins.counts(Counting.count(current, v -> (int) v))).containsExactly(44, 32, 41, 42, 48, 44, 49);
    }

    @Test
    void anAtomLeavesTheRestToBeCutEvenly() {
        Case mostlyZero =
                Reference.cases("psi.json", c -> c.id().startsWith("17")).getFirst();
        double[] baseline = Reference.sample(mostlyZero.input().get("reference"));
        double[] distinct = distinct(baseline, baseline);
        ReferenceBins bins = ReferenceBins.of(ranks(baseline, distinct), 10);

        assertThat(bins.counts(ranks(baseline, distinct))).containsExactly(30, 30, 240);
        assertThat(distinct[bins.cuts()[0]]).isEqualTo(0.4186);
    }

    @Test
    void anAtomInTheMiddleDoesNotBreakTheBinAroundIt() {
        Cells cells = new Cells(new int[] {1, 2, 3, 4, 5, 6}, new long[] {10, 9, 60, 1, 10, 10});

        ReferenceBins bins = ReferenceBins.of(cells, 5);

        assertThat(bins).isEqualTo(new ReferenceBins(new int[] {3}, new int[] {4}));
        assertThat(bins.bin(2)).isEqualTo(bins.bin(4)).isZero();
        assertThat(bins.bin(3)).isEqualTo(2);
        assertThat(bins.counts(cells)).containsExactly(20, 20, 60);
    }

    @Test
    void everyObservationIsInOneBinOrApart() {
        long seed = 4;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 300; i++) {
            Cells baseline = anyCells(random);
            Cells window = anyCells(random);
            ReferenceBins bins = ReferenceBins.of(baseline, random.nextInt(2, 30));

            assertThat(bins.counts(window)).hasSize(bins.bins());
            assertThat(LongStream.of(bins.counts(window)).sum() + bins.missing(window))
                    .as("seed %d case %d", seed, i)
                    .isEqualTo(window.total());
        }
    }

    @Test
    void unseenCellsFallIntoTheOuterBins() {
        Cells baseline =
                Counting.count(new SplittableRandom(1).doubles(5000, 10, 20).toArray(), LogGrid::cell);
        ReferenceBins bins = ReferenceBins.of(baseline, 10);

        assertThat(bins.bin(LogGrid.cell(0.001))).isZero();
        assertThat(bins.bin(LogGrid.ZERO)).isZero();
        assertThat(bins.bin(LogGrid.cell(1e9))).isEqualTo(bins.cuts().length);
        assertThatThrownBy(() -> bins.bin(LogGrid.MISSING)).hasMessageContaining("missing()");
    }

    @Test
    void confidencesAtOneAreAnAtom() {
        double[] sample = new SplittableRandom(2)
                .doubles(2000)
                .map(u -> u < 0.4 ? 1 : 0.5 + u / 2)
                .toArray();
        ReferenceBins bins = ReferenceBins.of(Counting.count(sample, UnitGrid::cell), 10);

        assertThat(bins.atoms()).containsExactly(1023);
        assertThat(bins.bins()).isEqualTo(7);
    }

    @Test
    void anEmptyBaselineHasOneBin() {
        ReferenceBins bins = ReferenceBins.of(new Cells(new int[] {LogGrid.MISSING}, new long[] {9}), 10);

        assertThat(bins.bins()).isEqualTo(1);
        assertThat(bins.missing(new Cells(new int[] {LogGrid.MISSING}, new long[] {9})))
                .isEqualTo(9);
    }

    @Test
    void refusesBinsThatCannotBe() {
        assertThatThrownBy(() -> ReferenceBins.of(Cells.empty(), 1)).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> new ReferenceBins(new int[] {2, 2}, new int[0]))
                .hasMessageContaining("ascending");
        assertThatThrownBy(() -> new ReferenceBins(new int[0], new int[] {LogGrid.MISSING}))
                .hasMessageContaining("missing");
    }

    private static Cells anyCells(SplittableRandom random) {
        double[] sample = new double[random.nextInt(0, 400)];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = switch (random.nextInt(12)) {
                case 0 -> Double.NaN;
                case 1 -> Double.POSITIVE_INFINITY;
                case 2, 3 -> 0;
                default -> Math.exp(random.nextDouble(-3, 3));
            };
        }
        return Counting.count(sample, LogGrid::cell);
    }

    private static double[] distinct(double[] one, double[] two) {
        return DoubleStream.concat(Arrays.stream(one), Arrays.stream(two))
                .map(v -> v + 0.0)
                .sorted()
                .distinct()
                .toArray();
    }

    private static Cells ranks(double[] sample, double[] distinct) {
        return Counting.count(sample, v -> Arrays.binarySearch(distinct, v + 0.0));
    }
}
