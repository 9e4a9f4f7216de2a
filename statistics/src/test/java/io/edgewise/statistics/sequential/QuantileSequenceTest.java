// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.sequential.QuantileSequence.Bounds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Quantiles of one arm, and the band around all of them.
class QuantileSequenceTest {
    /// From which number on an upper bound exists: exactly, and the round numbers that others quote for
    /// it.
    @ParameterizedTest
    @CsvSource({
        "0.95, 1000, 162, 200",
        "0.95, 10000, 419, 450",
        "0.99, 1000, 499, 500",
        "0.99, 10000, 1074, 1100",
        "0.999, 1000, 3413, 3450",
        "0.999, 10000, 5017, 5050"
    })
    void upperBoundExistsFromEnoughValuesOn(double p, double tuned, long first, long quoted) {
        QuantileSequence sequence = new QuantileSequence(p, 0.05, tuned);

        assertThat(sequence.leastForUpper()).isEqualTo(first);
        assertThat(sequence.upperRank(first - 1)).isEmpty();
        assertThat(sequence.upperRank(first)).hasValue(first);
        assertThat(sequence.upperRank(quoted)).isPresent();
        assertThat(sequence.upperRank(0)).isEmpty();
        assertThat(sequence.lowerRank(0)).isEmpty();
        assertThat(sequence.lowerRank(first)).isPresent();
    }

    @Test
    void isMissingRatherThanANumberBelowThat() {
        double[] ascending = new double[498];
        Arrays.setAll(ascending, i -> i);
        QuantileSequence sequence = new QuantileSequence(0.99, 0.05, 1000);

        assertThat(sequence.of(ascending).high()).isEmpty();
        assertThat(sequence.of(ascending).low()).isPresent();
        assertThat(sequence.of(new double[0])).satisfies(none -> {
            assertThat(none.low()).isEmpty();
            assertThat(none.high()).isEmpty();
            assertThat(none.contains(-1e300)).isTrue();
        });
    }

    /// The ranks are where the mixture's boundary lies: p ± f/n of all values.
    @Test
    void ranksFollowTheBoundary() {
        for (double p : new double[] {0.5, 0.9, 0.99}) {
            QuantileSequence sequence = new QuantileSequence(p, 0.05, 1000);
            for (long n : new long[] {600, 1000, 12_345, 1_000_000, 1_000_000_000}) {
                double v = n * p * (1 - p);
                double up = BetaBinomialMixture.best(1000 * p * (1 - p), 0.05, p, 1 - p, false)
                        .bound(v, 0.05);
                double down = BetaBinomialMixture.best(1000 * p * (1 - p), 0.05, 1 - p, p, false)
                        .bound(v, 0.05);

                assertThat((double) sequence.upperRank(n).orElseThrow())
                        .as("p %s n %d", p, n)
                        .isCloseTo(Math.ceil(n * p + up), within(1.0));
                assertThat((double) sequence.lowerRank(n).orElseThrow())
                        .as("p %s n %d", p, n)
                        .isCloseTo(Math.floor(n * p - down) + 1, within(1.0));
            }
        }
    }

    @Test
    void mirrorsNestsAndHoldsTheQuantile() {
        for (long seed = 1; seed <= 20; seed++) {
            double[] x = new SplittableRandom(seed).doubles(2000).sorted().toArray();
            double[] mirrored = Arrays.stream(x).map(v -> -v).sorted().toArray();
            Bounds bounds = new QuantileSequence(0.9, 0.05, 1000).of(x);
            Bounds reverse = new QuantileSequence(0.1, 0.05, 1000).of(mirrored);
            Bounds surer = new QuantileSequence(0.9, 0.001, 1000).of(x);

            assertThat(bounds.contains(x[1799])).as("seed %d", seed).isTrue();
            assertThat(bounds.high().orElseThrow()).isEqualTo(-reverse.low().orElseThrow());
            assertThat(bounds.low().orElseThrow()).isEqualTo(-reverse.high().orElseThrow());
            assertThat(surer.low().orElseThrow()).isLessThan(bounds.low().orElseThrow());
            assertThat(surer.high().orElseThrow()).isGreaterThan(bounds.high().orElseThrow());
        }
    }

    @Test
    void holdsForConstantAndNeverEndingRequests() {
        double[] constant = new double[3000];
        Arrays.fill(constant, 7);
        double[] someNever = constant.clone();
        Arrays.fill(someNever, 2900, 3000, Double.POSITIVE_INFINITY);
        QuantileSequence sequence = new QuantileSequence(0.99, 0.05, 1000);

        assertThat(sequence.of(constant).low()).hasValue(7);
        assertThat(sequence.of(constant).high()).hasValue(7);
        assertThat(sequence.of(someNever).high()).hasValue(Double.POSITIVE_INFINITY);
    }

    @Test
    void refusesWhatIsNoQuantile() {
        QuantileSequence sequence = new QuantileSequence(0.5, 0.05, 100);

        assertThatThrownBy(() -> new QuantileSequence(1, 0.05, 100)).hasMessageContaining("quantile 1.0");
        assertThatThrownBy(() -> new QuantileSequence(0.5, 1, 100)).hasMessageContaining("alpha 1.0");
        assertThatThrownBy(() -> new QuantileSequence(0.5, 0.05, 0)).hasMessageContaining("nOpt 0.0");
        assertThatThrownBy(() -> sequence.upperRank(-1)).hasMessageContaining("n -1");
        assertThatThrownBy(() -> sequence.of(new double[] {2, 1})).hasMessageContaining("ascending");
        assertThatThrownBy(() -> sequence.of(new double[] {Double.NaN})).hasMessageContaining("NaN");
    }

    @Test
    void bandEqualsThePublishedNumber() {
        assertThat(KolmogorovBand.radius(1000, 0.05)).isCloseTo(0.086569, within(5e-7));
        assertThat(new KolmogorovSmirnovTest().cdf(0.042777, 1000)).isCloseTo(0.95, within(1e-4));
        assertThat(KolmogorovBand.radius(0, 0.05)).isOne();
        assertThat(KolmogorovBand.radius(1, 0.05)).isOne();
        assertThat(KolmogorovBand.radius(1000, 0.01)).isGreaterThan(KolmogorovBand.radius(1000, 0.05));
        assertThat(KolmogorovBand.radius(1_000_000_000, 0.05)).isLessThan(1e-4);
        assertThat(KolmogorovBand.differ(0.18, 1000, 1000, 0.05)).isTrue();
        assertThat(KolmogorovBand.differ(0.17, 1000, 1000, 0.05)).isFalse();
        assertThat(KolmogorovBand.differ(1, 0, 1000, 0.05)).isFalse();
        assertThatThrownBy(() -> KolmogorovBand.radius(-1, 0.05)).hasMessageContaining("n -1");
        assertThatThrownBy(() -> KolmogorovBand.differ(Double.NaN, 1, 1, 0.05)).hasMessageContaining("NaN");
    }
}
