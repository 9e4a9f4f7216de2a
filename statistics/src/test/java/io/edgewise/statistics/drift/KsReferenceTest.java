// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.reference.Counting;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All 32 cases of ks.json: statistics, location and sign, and the three p-values.
@ExtendWith(EveryKeyIsRead.class)
class KsReferenceTest {
    /// Below, the file promises no digits.
    private static final double SMALLEST = 1e-12;

    static List<Case> cases() {
        return Reference.cases("ks.json", c -> true);
    }

    @Test
    void readsEveryCase() {
        assertThat(cases()).hasSize(32);
        assertThat(cases().stream().filter(c -> c.expected().has("p_exact"))).hasSize(29);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsTheFile(Case reference) {
        double[] x = Reference.sample(reference.input().get("x"));
        double[] y = Reference.sample(reference.input().get("y"));
        JsonNode expected = reference.expected();
        KolmogorovSmirnov ks = KolmogorovSmirnov.of(x, y);

        assertThat(ks.n()).isEqualTo(expected.get("n").asLong());
        assertThat(ks.m()).isEqualTo(expected.get("m").asLong());
        assertThat(ks.d()).isCloseTo(expected.get("statistic").asDouble(), within(1e-12));
        assertThat(ks.plus().size()).isCloseTo(expected.get("d_plus").asDouble(), within(1e-12));
        assertThat(ks.minus().size()).isCloseTo(expected.get("d_minus").asDouble(), within(1e-12));
        assertThat(ks.over()).isZero();
        assertPlace(
                ks,
                x,
                y,
                Reference.number(expected.get("location")),
                expected.get("sign").asInt());
        assertP(ks.pLimit(), expected.get("p_kolmogorov_limit"));
        assertP(ks.pOneSample(), expected.get("p_asymptotic_scipy"));
        if (expected.has("p_exact")) {
            assertP(ks.pExact(), expected.get("p_exact"));
            assertThat(ks.p()).isEqualTo(ks.pExact());
        }
    }

    /// One cell for each distinct value hides nothing, so all is as for the samples.
    @ParameterizedTest
    @MethodSource("cases")
    void cellsOfSingleValuesGiveTheSame(Case reference) {
        double[] x = Reference.sample(reference.input().get("x"));
        double[] y = Reference.sample(reference.input().get("y"));
        double[] values = DoubleStream.concat(Arrays.stream(x), Arrays.stream(y))
                .map(v -> v + 0.0)
                .sorted()
                .distinct()
                .toArray();
        Cells before = Counting.count(x, v -> Arrays.binarySearch(values, v + 0.0));
        Cells now = Counting.count(y, v -> Arrays.binarySearch(values, v + 0.0));
        KolmogorovSmirnov samples = KolmogorovSmirnov.of(x, y);
        KolmogorovSmirnov cells = KolmogorovSmirnov.ofCells(before, now);

        assertThat(cells.plus().size()).isEqualTo(samples.plus().size());
        assertThat(cells.minus().size()).isEqualTo(samples.minus().size());
        assertThat(values[(int) cells.location()]).isEqualTo(samples.location());
        assertThat(cells.p()).isEqualTo(samples.p());
    }

    /// Where several observations attain the statistic, the file names another one than we do: the one whose
    /// share happens to be rounded furthest. Then both must attain it, in the directions that they say.
    private static void assertPlace(KolmogorovSmirnov ks, double[] x, double[] y, double location, int sign) {
        if (attaining(x, y, ks.d()) == 1) {
            assertThat(ks.location()).isEqualTo(location);
            assertThat(ks.sign()).isEqualTo(sign);
        } else {
            assertThat(gap(x, y, location) * sign).isCloseTo(ks.d(), within(1e-12));
            assertThat(gap(x, y, ks.location()) * ks.sign()).isCloseTo(ks.d(), within(1e-12));
        }
    }

    private static double gap(double[] x, double[] y, double at) {
        return share(Samples.sorted("x", x), at) - share(Samples.sorted("y", y), at);
    }

    /// How many distinct observations attain the statistic; the file names one of them.
    private static long attaining(double[] x, double[] y, double d) {
        double[] sortedX = Samples.sorted("x", x);
        double[] sortedY = Samples.sorted("y", y);
        return DoubleStream.concat(Arrays.stream(sortedX), Arrays.stream(sortedY))
                .distinct()
                .filter(at -> Math.abs(share(sortedX, at) - share(sortedY, at)) > d - 1e-9)
                .count();
    }

    private static double share(double[] sorted, double at) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) / 2;
            if (sorted[middle] <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (double) low / sorted.length;
    }

    private static void assertP(double actual, JsonNode expected) {
        double p = expected.asText().equals("NaN") ? Double.NaN : expected.asDouble();
        if (Double.isNaN(p)) {
            assertThat(actual).isNaN();
        } else if (p > SMALLEST) {
            assertThat(actual).isCloseTo(p, within(1e-9 * p));
        } else {
            assertThat(actual).isBetween(0.0, 2 * SMALLEST);
        }
    }
}
