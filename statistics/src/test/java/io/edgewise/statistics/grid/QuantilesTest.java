// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.Counting;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import io.edgewise.statistics.sketch.QuantileSketch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuantilesTest {
    /// Left out: 02 to 05 have fewer than 20 observations (they are asserted to be empty), 15 has negative values,
    /// which
    /// this grid does not hold.
    static List<Case> applicable() {
        return Reference.cases("quantiles.json", c -> !c.id().startsWith("15"));
    }

    @ParameterizedTest
    @MethodSource("applicable")
    void isWithinOnePercentOfTheNearestRankOrSaysThatThereIsTooLittle(Case reference) {
        double[] sample = Reference.sample(reference.input().get("x"));
        Cells cells = Counting.count(sample, LogGrid::cell);
        List<JsonNode> expected =
                Reference.stream(reference.expected().get("type_1")).toList();
        int i = 0;
        for (double q : Reference.sample(reference.input().get("p"))) {
            double exact = expected.get(i++).asDouble();
            if (q == 0 || q == 1) {
                continue;
            }
            OptionalDouble value = Quantiles.of(cells, q);
            if (sample.length < 20 || sample.length * (1 - q) < 1 - 1e-9) {
                assertThat(value).as("q %s", q).isEmpty();
            } else {
                assertThat(value.orElseThrow()).as("q %s", q).isCloseTo(exact, within(0.01 * exact));
            }
        }
    }

    @Test
    void speaksAsSoonAsOneObservationIsExpectedBeyondThePercentile() {
        assertThat(Quantiles.of(same(99), 0.99)).isEmpty();
        assertThat(Quantiles.of(same(100), 0.99)).isPresent();
        assertThat(Quantiles.of(same(999), 0.999)).isEmpty();
        assertThat(Quantiles.of(same(1000), 0.999)).isPresent();
        assertThat(Quantiles.of(same(10_000), 0.9999)).isPresent();
        assertThat(Quantiles.of(same(19), 0.5)).isEmpty();
        assertThat(Quantiles.of(same(20), 0.5)).isPresent();
        assertThat(Quantiles.of(Cells.empty(), 0.5)).isEmpty();
    }

    @Test
    void missingValuesAreNoObservations() {
        Cells cells = new Cells(new int[] {LogGrid.MISSING, LogGrid.cell(5)}, new long[] {1000, 19});

        assertThat(Quantiles.of(cells, 0.5)).isEmpty();
        assertThat(Quantiles.upperBound(cells, 0.99, 0.95)).isEmpty();
    }

    @Test
    void upperBoundExistsFromThePublishedSampleSizeOn() {
        assertThat(Quantiles.upperBound(same(298), 0.99, 0.95)).isEmpty();
        assertThat(Quantiles.upperBound(same(299), 0.99, 0.95)).hasValue(LogGrid.upper(LogGrid.cell(5)));
        assertThat(Quantiles.upperBound(same(58), 0.95, 0.95)).isEmpty();
        assertThat(Quantiles.upperBound(same(59), 0.95, 0.95)).isPresent();
        assertThat(Quantiles.upperBound(Cells.empty(), 0.99, 0.95)).isEmpty();
    }

    /// A product of doubles is just above the whole rank in a third of these cases.
    @Test
    void ranksAreExactForBillionsOfObservations() {
        for (long n = 1_000; n <= 100_000_000_000_000L; n *= 10) {
            for (int permille = 1; permille < 1_000; permille++) {
                long rank = n / 1_000 * permille;
                assertThat(Quantiles.nearestRank(permille / 1_000.0, n))
                        .as("%d permille of %d", permille, n)
                        .isEqualTo(rank);
            }
            assertThat(Quantiles.nearestRank(0.5, n + 1)).isEqualTo(n / 2 + 1);
        }
        assertThat(Quantiles.nearestRank(0, 5)).isEqualTo(1);
        assertThat(Quantiles.nearestRank(1, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> Quantiles.nearestRank(0.5, 0)).hasMessageContaining("at least 1 observation");
        assertThatThrownBy(() -> Quantiles.nearestRank(99, 5)).hasMessageContaining("0.99, not 99");
        Cells many = new Cells(new int[] {0, 64, 128}, new long[] {699_999_999, 1, 9_300_000_000L});
        assertThat(Quantiles.of(many, 0.07)).hasValue(LogGrid.value(64));
        assertThat(QuantileSketch.of(many).nearestRank(0.07)).isEqualTo(LogGrid.value(64));
    }

    /// scipy.stats.binom.ppf(0.05, n, 0.01) - 1 up to 10^12, the normal law's quantile beyond.
    @Test
    void upperBoundsOfAnyNumberOfObservationsComeAtOnce() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(Quantiles.mostAbove(100_000_000, 0.01, 0.05)).isEqualTo(998363);
            assertThat(Quantiles.mostAbove(10_000_000_000L, 0.01, 0.05)).isEqualTo(99983633L);
            for (double n = 1e12; n < 9e18; n *= 100) {
                double sd = Math.sqrt(n * 0.01 * 0.99);
                double expected = n * 0.01 - 1.6448536269514722 * sd;
                double allowed = 0.002 * sd + 2;
                assertThat((double) Quantiles.mostAbove((long) n, 0.01, 0.05))
                        .isBetween(expected - allowed, expected + 2);
                assertThat((double) Quantiles.mostAbove((long) n, 0.5, 0.999)).isGreaterThan(n / 2);
            }
            assertThat(Quantiles.mostAbove(Long.MAX_VALUE, 1e-18, 0.05)).isBetween(3L, 5L);
        });
    }

    @Test
    void upperBoundIsNeverInfinite() {
        Cells cells = new Cells(new int[] {LogGrid.cell(5), LogGrid.POSITIVE_INFINITY}, new long[] {900, 100});

        assertThat(Quantiles.upperBound(cells, 0.99, 0.95)).isEmpty();
        assertThat(Quantiles.of(cells, 0.99)).hasValue(Double.POSITIVE_INFINITY);
    }

    @Test
    void walksToTheRankOfTheExactBinomialLaw() {
        for (long n : new long[] {1, 10, 299, 300, 1000, 20_000, 200_000}) {
            for (double p : new double[] {0.5, 0.1, 0.05, 0.01, 0.001}) {
                for (double alpha : new double[] {0.5, 0.1, 0.05, 0.01, 1e-6}) {
                    long j = Quantiles.mostAbove(n, p, alpha);
                    BinomialDistribution law = new BinomialDistribution(null, (int) n, p);
                    assertThat(law.cumulativeProbability((int) j)).isLessThanOrEqualTo(alpha * (1 + 1e-9));
                    assertThat(law.cumulativeProbability((int) j + 1)).isGreaterThan(alpha * (1 - 1e-9));
                }
            }
        }
    }

    @Test
    void upperBoundCoversTheTrueQuantile() {
        long seed = 77;
        SplittableRandom random = new SplittableRandom(seed);
        double truth = -Math.log(0.01);
        int covered = 0;
        for (int run = 0; run < 1000; run++) {
            double[] sample = random.doubles(2000).map(u -> -Math.log(1 - u)).toArray();
            double bound = Quantiles.upperBound(Counting.count(sample, LogGrid::cell), 0.99, 0.95)
                    .orElseThrow();
            covered += bound >= truth ? 1 : 0;
        }
        assertThat(covered).as("seed %d", seed).isGreaterThanOrEqualTo(930);
    }

    @Test
    void exceedancesOfAnEdgeAreExact() {
        double[] sample = new SplittableRandom(5).doubles(50_000, 100, 9000).toArray();
        Cells cells = Counting.count(sample, LogGrid::cell);
        for (double threshold : new double[] {50, 150, 1000, 5555, 20_000}) {
            int cell = LogGrid.cell(threshold);
            double edge = LogGrid.upper(cell);
            assertThat(Quantiles.above(cells, cell))
                    .isEqualTo(Arrays.stream(sample).filter(x -> x >= edge).count());
        }
    }

    @Test
    void refusesPercentagesWhereSharesAreMeant() {
        assertThatThrownBy(() -> Quantiles.of(same(100), 99)).hasMessageContaining("0.99, not 99");
        assertThatThrownBy(() -> Quantiles.upperBound(same(100), 0.99, Double.NaN))
                .hasMessageContaining("confidence NaN");
    }

    private static Cells same(long n) {
        return new Cells(new int[] {LogGrid.cell(5)}, new long[] {n});
    }
}
