// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(EveryKeyIsRead.class)
class AurocTest {
    private static final double TOLERANCE = 1e-12;

    static List<Case> reference() {
        return Reference.cases("auroc.json", c -> true);
    }

    @Test
    void allCasesAreRead() {
        assertThat(reference()).hasSize(15);
    }

    @ParameterizedTest
    @MethodSource("reference")
    void equalsTheReference(Case reference) {
        JsonNode expected = reference.expected();
        Auroc auroc = Auroc.of(
                Reference.sample(reference.input().get("score")),
                booleans(Reference.sample(reference.input().get("positive"))));
        if (expected.get("auroc").isNull()) {
            assertThat(auroc.value()).isNaN();
            assertThat(auroc.pValue()).isNaN();
            assertThat(auroc.averagePrecision()).isNaN();
            assertThat(auroc.points()).isEmpty();
            return;
        }
        assertThat(auroc.value()).isCloseTo(expected.get("auroc").asDouble(), within(TOLERANCE));
        assertThat(auroc.u()).isEqualTo(expected.get("mann_whitney_u").asDouble());
        assertThat(auroc.pValue())
                .isCloseTo(expected.get("mann_whitney_p_asymptotic").asDouble(), within(TOLERANCE));
        assertThat(auroc.averagePrecision())
                .isCloseTo(expected.get("average_precision").asDouble(), within(TOLERANCE));
        assertThat(auroc.points()).hasSize(expected.get("roc_points").asInt());
    }

    @Test
    void swappingClassesOrNegatingScoresMirrors() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] score =
                    random.ints(random.nextInt(2, 100), -5, 6).asDoubleStream().toArray();
            boolean[] positive = random(random, score.length);
            boolean[] swapped = new boolean[score.length];
            for (int i = 0; i < score.length; i++) {
                swapped[i] = !positive[i];
            }
            Auroc auroc = Auroc.of(score, positive);
            double[] negated = Arrays.stream(score).map(s -> -s).toArray();
            double[] cubed = Arrays.stream(score).map(s -> s * s * s + 7).toArray();

            assertThat(Auroc.of(score, swapped).value())
                    .as("seed %d", seed)
                    .isCloseTo(1 - auroc.value(), within(TOLERANCE));
            assertThat(Auroc.of(negated, positive).value())
                    .as("seed %d", seed)
                    .isCloseTo(1 - auroc.value(), within(TOLERANCE));
            assertThat(Auroc.of(cubed, positive).value()).as("seed %d", seed).isEqualTo(auroc.value());
            assertThat(Auroc.of(cubed, positive).averagePrecision())
                    .as("seed %d", seed)
                    .isEqualTo(auroc.averagePrecision());
        }
    }

    /// The area under the points is the statistic.
    @Test
    void thePointsEncloseTheValue() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] score = random.ints(60, -9, 10).asDoubleStream().toArray();
            List<Auroc.Point> points = Auroc.of(score, random(random, 60)).points();
            double area = 0;
            for (int i = 1; i < points.size(); i++) {
                Auroc.Point from = points.get(i - 1);
                Auroc.Point to = points.get(i);
                area += (to.falsePositiveRate() - from.falsePositiveRate())
                        * (to.truePositiveRate() + from.truePositiveRate())
                        / 2;
                assertThat(to.threshold()).as("seed %d", seed).isLessThan(from.threshold());
            }
            SplittableRandom again = new SplittableRandom(seed);
            double[] same = again.ints(60, -9, 10).asDoubleStream().toArray();
            assertThat(area)
                    .as("seed %d", seed)
                    .isCloseTo(Auroc.of(same, random(again, 60)).value(), within(TOLERANCE));
            assertThat(points.getLast().truePositiveRate()).isEqualTo(1);
            assertThat(points.getLast().falsePositiveRate()).isEqualTo(1);
        }
    }

    @Test
    void binnedCountsHoldTheExactValueAndEqualItWhereCellsAreTies() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] score = random.doubles(80).toArray();
            boolean[] positive = random(random, 80);
            double[] tied = Arrays.stream(score).map(s -> Math.floor(s * 10)).toArray();
            long[] ups = new long[10];
            long[] downs = new long[10];
            for (int i = 0; i < 80; i++) {
                (positive[i] ? ups : downs)[(int) tied[i]]++;
            }
            BinnedAuroc binned = BinnedAuroc.of(ups, downs);

            assertThat(Auroc.of(score, positive).value()).as("seed %d", seed).isBetween(binned.low(), binned.high());
            assertThat(Auroc.of(tied, positive).value())
                    .as("seed %d", seed)
                    .isCloseTo(binned.value(), within(TOLERANCE));
        }
        assertThat(BinnedAuroc.of(new long[] {1, 2}, new long[2]).value()).isNaN();
        assertThat(BinnedAuroc.of(new long[0], new long[0]).low()).isNaN();
    }

    @Test
    void infinitiesRankAndSignedZerosTie() {
        boolean[] positive = {false, true};
        assertThat(Auroc.of(new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}, positive)
                        .value())
                .isEqualTo(1);
        Auroc zeros = Auroc.of(new double[] {0.0, -0.0}, positive);
        assertThat(zeros.value()).isEqualTo(0.5);
        assertThat(zeros.points()).hasSize(2);
        assertThat(zeros.pValue()).isEqualTo(1);
        assertThat(Auroc.of(new double[0], new boolean[0]).value()).isNaN();
    }

    @Test
    void refusesWhatHasNoRank() {
        assertThatThrownBy(() -> Auroc.of(new double[] {Double.NaN}, new boolean[1]))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> Auroc.of(new double[2], new boolean[1])).hasMessageContaining("2 scores");
        assertThatThrownBy(() -> BinnedAuroc.of(new long[2], new long[1])).hasMessageContaining("same cells");
        assertThatThrownBy(() -> BinnedAuroc.of(new long[] {-1}, new long[1])).hasMessageContaining("negative");
    }

    private static boolean[] random(SplittableRandom random, int n) {
        boolean[] positive = new boolean[n];
        for (int i = 0; i < n; i++) {
            positive[i] = random.nextBoolean();
        }
        positive[0] = true;
        positive[n - 1] = false;
        return positive;
    }

    private static boolean[] booleans(double[] values) {
        boolean[] positive = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            positive[i] = values[i] == 1;
        }
        return positive;
    }
}
