// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The coins of KLL are not seeded. What is asserted beyond exact mode lies six times the 99 % error away,
/// which does not happen.
class DistributionTest {
    private static final int SAFELY = 6;

    static List<Case> quantiles() {
        return Reference.cases("quantiles.json", c -> true);
    }

    @ParameterizedTest
    @MethodSource("quantiles")
    void isTheNearestRankWhileExactAndWithinTheRankErrorBeyond(Case reference) {
        double[] sample = Reference.sample(reference.input().get("x"));
        Distribution distribution = of(sample);
        Arrays.sort(sample);
        List<JsonNode> expected =
                Reference.stream(reference.expected().get("type_1")).toList();
        int i = 0;
        for (double q : Reference.sample(reference.input().get("p"))) {
            double quantile = distribution.quantile(q);
            if (distribution.exact()) {
                assertThat(quantile).as("q %s", q).isEqualTo(expected.get(i).asDouble());
            } else {
                double error = SAFELY * distribution.rankError();
                assertThat(share(sample, quantile)).as("q %s", q).isCloseTo(q, within(error));
            }
            i++;
        }
        assertThat(distribution.min()).isEqualTo(reference.expected().get("min").asDouble());
        assertThat(distribution.max()).isEqualTo(reference.expected().get("max").asDouble());
        assertThat(distribution.exact()).isEqualTo(sample.length < 10_000);
    }

    @Test
    void mergedPartsAgreeWithTheWholeWithinTheRankError() {
        SplittableRandom random = new SplittableRandom(11);
        double[] sample = random.doubles(200_000).map(u -> -Math.log(1 - u)).toArray();
        Distribution[] parts = new Distribution[7];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Distribution(256);
        }
        for (double value : sample) {
            parts[random.nextInt(parts.length)].add(value);
        }
        Distribution merged = Distribution.decode(parts[0].encode());
        for (int i = 1; i < parts.length; i++) {
            merged.merge(Distribution.decode(parts[i].encode()));
        }
        Arrays.sort(sample);

        assertThat(merged.count()).isEqualTo(sample.length);
        assertThat(merged.exact()).isFalse();
        assertThat(merged.rankError()).isBetween(0.005, 0.015);
        for (double q = 0; q <= 1; q += 0.05) {
            double value = sample[(int) (q * (sample.length - 1))];
            double error = SAFELY * merged.rankError();
            assertThat(merged.rank(value)).as("q %s", q).isCloseTo(share(sample, value), within(error));
            assertThat(share(sample, merged.quantile(q))).as("q %s", q).isCloseTo(q, within(error));
        }
        assertThat(merged.rank(-1)).isZero();
        assertThat(merged.rank(sample[sample.length - 1])).isOne();
    }

    @Test
    void theDefaultHoldsTheRankErrorThatTheDocumentationSays() {
        Distribution distribution = new Distribution();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000_000; i++) {
            distribution.add(random.nextDouble());
        }

        assertThat(distribution.k()).isEqualTo(2048);
        assertThat(distribution.rankError()).isBetween(0.0013, 0.0015);
        assertThat(distribution.encode().length).isBetween(40_000, 52_000);
    }

    /// Doubling by merging into itself reaches levels that no stream does.
    @Test
    void sketchesOfAnyDepthTravel() {
        for (int k : new int[] {8, 9, 200, 2048, Distribution.LARGEST_K}) {
            Distribution distribution = new Distribution(k);
            for (int i = 0; i < 1000; i++) {
                distribution.add(i);
            }
            for (int doubled = 0; doubled < 50; doubled++) {
                distribution.merge(distribution);
                assertThat(Distribution.decode(distribution.encode()))
                        .as("k %s, n %s", k, distribution.count())
                        .isEqualTo(distribution);
            }
            assertThat(distribution.count()).isEqualTo(1000L << 50);
        }
    }

    @Test
    void askingDoesNotChangeTheBytes() {
        Distribution distribution = of(3, 1, 2);
        byte[] before = distribution.encode();
        distribution.rank(2);
        distribution.quantile(0.5);

        assertThat(distribution.encode())
                .isEqualTo(before)
                .isEqualTo(of(2, 3, 1).encode());
    }

    @Test
    void emptySingleMissingAndInfiniteInputHaveDefinedFigures() {
        Distribution nothing = of(Double.NaN);
        assertThat(nothing.count()).isZero();
        assertThat(nothing.missing()).isOne();
        assertThat(new double[] {nothing.rank(1), nothing.quantile(0.5), nothing.min(), nothing.max()})
                .containsOnly(Double.NaN);
        assertThat(nothing.rankError()).isZero();
        Distribution single = of(5);
        assertThat(new double[] {single.quantile(0), single.quantile(1), single.min(), single.max()})
                .containsOnly(5);
        assertThat(single.rank(4)).isZero();
        assertThat(single.rank(5)).isOne();
        Distribution infinite = of(Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY);
        assertThat(infinite.quantile(1)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(infinite.rank(0)).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(Distribution.decode(infinite.encode())).isEqualTo(infinite);
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> new Distribution(7)).hasMessageContaining("k 7 must be from 8");
        assertThatThrownBy(() -> new Distribution(70_000)).hasMessageContaining("k 70000 must be from 8");
        assertThatThrownBy(() -> new Distribution(8).merge(new Distribution(9))).hasMessageContaining("k 8 and k 9");
        assertThatThrownBy(() -> of(1).quantile(1.1)).hasMessageContaining("must lie in [0, 1]");
        assertThatThrownBy(() -> of(1).rank(Double.NaN)).hasMessageContaining("rank of NaN");
    }

    private static Distribution of(double... values) {
        Distribution distribution = new Distribution();
        for (double value : values) {
            distribution.add(value);
        }
        return distribution;
    }

    /// Share of the sorted sample at or below the value.
    private static double share(double[] sorted, double value) {
        int at = Arrays.binarySearch(sorted, value);
        while (at >= 0 && at + 1 < sorted.length && sorted[at + 1] == value) {
            at++;
        }
        return (at < 0 ? -at - 1.0 : at + 1.0) / sorted.length;
    }

    /// 2^40 values, by merging a sketch with itself.
    @Test
    void ranksOfATrillionValuesStayWithinTheRankError() {
        Distribution sketch = new Distribution();
        for (int i = 0; i < 1 << 16; i++) {
            sketch.add(i);
        }
        for (int doublings = 0; doublings < 24; doublings++) {
            sketch.merge(sketch);
        }
        double most = 8 * sketch.rankError();

        assertThat(sketch.count()).isEqualTo(1L << 40);
        for (double q : new double[] {0.001, 0.07, 0.5, 0.99}) {
            assertThat(sketch.rank(q * 65_536 - 1)).isCloseTo(q, within(most));
            assertThat(sketch.quantile(q) / 65_536).isCloseTo(q, within(most));
        }
        assertThat(Distribution.decode(sketch.encode()).count()).isEqualTo(1L << 40);
        assertThat(Distribution.decode(sketch.encode()).quantile(0.5)).isEqualTo(sketch.quantile(0.5));
    }
}
