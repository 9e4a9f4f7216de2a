// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import io.edgewise.statistics.reference.Counting;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuantileSketchTest {
    /// Not applicable: 15-negative, as negative values share the cell of zero; it is asserted below to be
    /// so. The types 2 to 9 interpolate between observations, which a sketch of cells does not define.
    private static final List<String> NOT_APPLICABLE = List.of("15-negative");

    static List<Case> applicable() {
        return Reference.cases("quantiles.json", c -> !NOT_APPLICABLE.contains(c.id()));
    }

    @Test
    void allCasesOfTheReferenceAreRead() {
        assertThat(applicable()).hasSize(17);
    }

    @ParameterizedTest
    @MethodSource("applicable")
    void isWithinOnePercentOfTheNearestRank(Case reference) {
        QuantileSketch sketch =
                QuantileSketch.of(Reference.sample(reference.input().get("x")));
        List<JsonNode> expected =
                Reference.stream(reference.expected().get("type_1")).toList();
        int i = 0;
        for (double q : Reference.sample(reference.input().get("p"))) {
            double exact = expected.get(i++).asDouble();
            assertThat(sketch.nearestRank(q)).as("q %s", q).isCloseTo(exact, within(0.01 * exact));
            OptionalDouble shown = q == 0 || q == 1 ? OptionalDouble.empty() : sketch.quantile(q);
            assertThat(shown.isEmpty() || shown.getAsDouble() == sketch.nearestRank(q))
                    .as("q %s: %s", q, shown)
                    .isTrue();
        }
        assertThat(i).isEqualTo(expected.size()).isPositive();
    }

    @Test
    void negativeValuesCountAsZero() {
        Case reference = Reference.cases("quantiles.json", c -> NOT_APPLICABLE.contains(c.id()))
                .getFirst();
        double[] sample = Reference.sample(reference.input().get("x"));
        double[] raised = Arrays.stream(sample).map(x -> Math.max(x, 0)).toArray();

        assertThat(QuantileSketch.of(sample)).isEqualTo(QuantileSketch.of(raised));
    }

    @Test
    void isWithinOnePercentOfExactQuantilesWhateverTheValues() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] sample = new double[random.nextInt(1, 400)];
            double spread = random.nextDouble() * (seed % 2 == 0 ? 5 : 1400);
            for (int i = 0; i < sample.length; i++) {
                sample[i] = StrictMath.exp(spread * (random.nextDouble() - 0.5));
            }
            QuantileSketch sketch = QuantileSketch.of(sample);
            Arrays.sort(sample);
            for (int rank = 1; rank <= sample.length; rank++) {
                double exact = sample[rank - 1];
                assertThat(sketch.nearestRank((double) rank / sample.length))
                        .as("seed %s, rank %s of %s", seed, rank, sample.length)
                        .isBetween(exact * 0.99, exact * 1.01);
            }
        }
    }

    @Test
    void holdsWhatCountingOnTheGridHolds() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] sample =
                    random.doubles(300).map(u -> Samples.number(random)).toArray();
            Cells cells = Counting.count(sample, LogGrid::cell);
            QuantileSketch sketch = QuantileSketch.of(sample);

            assertThat(sketch.toCells()).as("seed %s", seed).isEqualTo(cells);
            assertThat(QuantileSketch.of(cells)).as("seed %s", seed).isEqualTo(sketch);
            assertThat(sketch.count() + sketch.missing()).isEqualTo(300);
            assertThat(sketch.quantile(0.9)).isEqualTo(Quantiles.of(cells, 0.9));
            assertThat(sketch.upperBound(0.9, 0.95)).isEqualTo(Quantiles.upperBound(cells, 0.9, 0.95));
        }
    }

    @Test
    void theEndsOfTheGridAreReached() {
        QuantileSketch sketch = QuantileSketch.of(Double.MAX_VALUE, Double.MIN_VALUE, 1);

        assertThat(sketch.nearestRank(0.5)).isCloseTo(1, within(0.01));
        assertThat(sketch.nearestRank(1)).isCloseTo(Double.MAX_VALUE, within(0.01 * Double.MAX_VALUE));
        assertThat(sketch.toCells().total()).isEqualTo(3);
        assertThat(sketch.encode().length).isLessThan(30);
    }

    @Test
    void manyAtOnceAreManyOneByOne() {
        QuantileSketch sketch = new QuantileSketch();
        for (double value : new double[] {3, 0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            sketch.add(value, 3);
            sketch.add(value, 0);
        }
        QuantileSketch single = new QuantileSketch();
        for (int i = 0; i < 3; i++) {
            single.merge(QuantileSketch.of(3, 0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
        }

        assertThat(sketch).isEqualTo(single);
        assertThatThrownBy(() -> sketch.add(1, -1)).hasMessageContaining("count -1 is negative");
        assertThatThrownBy(() -> sketch.add(1, Long.MAX_VALUE)).hasMessageContaining("add up to more than");
    }

    @Test
    void nothingHasNoQuantiles() {
        QuantileSketch nothing = QuantileSketch.of(Double.NaN);
        assertThat(nothing.count()).isZero();
        assertThat(nothing.missing()).isOne();
        assertThat(nothing.nearestRank(0.5)).isNaN();
        assertThat(nothing.quantile(0.5)).isEmpty();
        assertThat(nothing.upperBound(0.5, 0.95)).isEmpty();
        assertThat(new QuantileSketch().toCells()).isEqualTo(Cells.empty());
    }

    @Test
    void infiniteValuesLieAtTheEnds() {
        QuantileSketch sketch = QuantileSketch.of(Double.NEGATIVE_INFINITY, -3, 5, Double.POSITIVE_INFINITY);
        assertThat(sketch.nearestRank(0.25)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(sketch.nearestRank(0.5)).isZero();
        assertThat(sketch.nearestRank(0.75)).isCloseTo(5, within(0.05));
        assertThat(sketch.nearestRank(1)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void mistakesAreNamed() {
        QuantileSketch sketch = QuantileSketch.of(1, 2);
        assertThatThrownBy(() -> sketch.nearestRank(99)).hasMessageContaining("quantile 99.0 must lie in [0, 1]");
        assertThatThrownBy(() -> sketch.nearestRank(Double.NaN)).hasMessageContaining("must lie in [0, 1]");
        assertThatThrownBy(() -> QuantileSketch.of(new Cells(new int[] {500_000}, new long[] {1})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no cell 500000");
    }
}
