// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.sequential.ConfidenceSequence.Interval;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidenceSequenceTest {
    @Test
    void knowsNothingBeforeTheFirstObservation() {
        assertThat(ConfidenceSequence.bernoulli(0, 0, 0.05)).isEqualTo(new Interval(0, 1));
        assertThat(ConfidenceSequence.bernoulliTuned(0, 0, 0.05, 100)).isEqualTo(new Interval(0, 1));
        assertThat(ConfidenceSequence.bernoulliLower(0, 0, 0.05)).isZero();
        assertThat(ConfidenceSequence.bernoulliUpper(0, 0, 0.05)).isOne();
        assertThat(ConfidenceSequence.subGaussian(0, Double.NaN, 0.5, 0.05, 100).contains(1e300))
                .isTrue();
    }

    /// confseq's bernoulli_confidence_interval.
    @ParameterizedTest
    @CsvSource({
        "700, 1000, 100, 0.651629, 0.745949",
        "15, 50, 50, 0.129556, 0.511896",
        "100, 200, 1, 0.328923, 0.671076"
    })
    void tunedIntervalEqualsThePublishedNumbers(long k, long n, double tuned, double low, double high) {
        Interval interval = ConfidenceSequence.bernoulliTuned(k, n, 0.05, tuned);

        assertThat(interval.low()).isCloseTo(low, within(1.5e-6));
        assertThat(interval.high()).isCloseTo(high, within(1.5e-6));
    }

    @Test
    void isSymmetricAndHoldsTheEstimate() {
        for (int k = 0; k <= 60; k++) {
            Interval interval = ConfidenceSequence.bernoulli(k, 60, 0.05);
            Interval mirrored = ConfidenceSequence.bernoulli(60 - k, 60, 0.05);
            Interval tuned = ConfidenceSequence.bernoulliTuned(k, 60, 0.05, 60);
            Interval tunedMirrored = ConfidenceSequence.bernoulliTuned(60 - k, 60, 0.05, 60);
            double lower = ConfidenceSequence.bernoulliLower(k, 60, 0.05);

            assertThat(interval.contains(k / 60.0)).isTrue();
            assertThat(tuned.contains(k / 60.0)).isTrue();
            assertThat(interval.low()).isCloseTo(1 - mirrored.high(), within(1e-9));
            assertThat(tuned.low()).isCloseTo(1 - tunedMirrored.high(), within(1e-9));
            assertThat(lower).isBetween(0.0, k / 60.0);
            assertThat(lower).isCloseTo(1 - ConfidenceSequence.bernoulliUpper(60 - k, 60, 0.05), within(1e-9));
        }
    }

    @Test
    void narrowsWithDataAndWidensWithConfidence() {
        Interval few = ConfidenceSequence.bernoulli(92, 100, 0.05);
        Interval many = ConfidenceSequence.bernoulli(920_000, 1_000_000, 0.05);
        Interval surer = ConfidenceSequence.bernoulli(92, 100, 0.001);

        assertThat(many.high() - many.low()).isLessThan(0.003);
        assertThat(few.low()).isBetween(surer.low(), many.low());
    }

    @Test
    void isNestedInAlpha() {
        SplittableRandom random = new SplittableRandom(31);
        for (int i = 0; i < 200; i++) {
            long n = 1 + random.nextLong(5000);
            long k = random.nextLong(n + 1);
            Interval wide = ConfidenceSequence.bernoulli(k, n, 0.01);
            Interval narrow = ConfidenceSequence.bernoulli(k, n, 0.1);

            assertThat(narrow.low()).as("seed 31, %d of %d", k, n).isGreaterThanOrEqualTo(wide.low());
            assertThat(narrow.high()).as("seed 31, %d of %d", k, n).isLessThanOrEqualTo(wide.high());
            assertThat(ConfidenceSequence.bernoulliLower(k, n, 0.1))
                    .isGreaterThanOrEqualTo(ConfidenceSequence.bernoulliLower(k, n, 0.01));
            assertThat(ConfidenceSequence.bernoulliUpper(k, n, 0.1))
                    .isLessThanOrEqualTo(ConfidenceSequence.bernoulliUpper(k, n, 0.01));
        }
    }

    /// One question less is asked, so that the one-sided bound is the closer one (where the estimate is
    /// not extreme).
    @Test
    void oneSidedBoundsAreCloserAndAgreeWithTheirEvidence() {
        double lower = ConfidenceSequence.bernoulliLower(920, 1000, 0.05);

        assertThat(lower)
                .isGreaterThan(ConfidenceSequence.bernoulli(920, 1000, 0.05).low());
        assertThat(TruncatedBeta.logE(920, 1000, lower, 1, 1)).isCloseTo(Math.log(20), within(1e-6));
        assertThat(ConfidenceSequence.bernoulliLower(0, 1000, 0.05)).isZero();
        assertThat(ConfidenceSequence.bernoulliUpper(1000, 1000, 0.05)).isOne();
    }

    @Test
    void keepsItsDigitsForABillion() {
        Interval interval = ConfidenceSequence.bernoulli(930_000_000, 1_000_000_000, 0.05);
        double radius = interval.width() / 2;

        // mpmath at 30 digits.
        assertThat(radius).isCloseTo(4.239487396e-5, within(1e-13));
        assertThat(ConfidenceSequence.bernoulli(0, 1_000_000_000, 0.05).high())
                .isCloseTo(2.3718997830e-8, within(1e-15));
        assertThat(ConfidenceSequence.bernoulliUpper(0, 1_000_000_000, 0.05)).isBetween(1e-9, 2.3719e-8);
    }

    @Test
    void coversAtAllTimesAtOnce() {
        long seed = 19;
        SplittableRandom random = new SplittableRandom(seed);
        int missed = 0;
        for (int run = 0; run < 300; run++) {
            missed += missesOnce(random, 0.92, 1000) ? 1 : 0;
        }
        assertThat(missed).as("seed %d", seed).isLessThanOrEqualTo(CoverageSimulationTest.mostMisses(300, 0.05));
    }

    @Test
    void refusesImpossibleCounts() {
        assertThatThrownBy(() -> ConfidenceSequence.bernoulli(3, 2, 0.05)).hasMessageContaining("3 of 2");
        assertThatThrownBy(() -> ConfidenceSequence.bernoulli(-1, 2, 0.05)).hasMessageContaining("-1 of 2");
        assertThatThrownBy(() -> ConfidenceSequence.bernoulli(1, 2, 0)).hasMessageContaining("alpha");
        assertThatThrownBy(() -> ConfidenceSequence.bernoulliLower(1, 2, Double.NaN))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> ConfidenceSequence.bernoulli(1, 2, 0.05, 0, 1)).hasMessageContaining("parameter a");
        assertThatThrownBy(() -> ConfidenceSequence.logE(1, 2, 1, 1, 1)).hasMessageContaining("share 1.0");
        assertThatThrownBy(() -> ConfidenceSequence.subGaussian(-1, 0, 0.5, 0.05, 1))
                .hasMessageContaining("n -1");
        assertThatThrownBy(() -> ConfidenceSequence.subGaussian(1, Double.NaN, 0.5, 0.05, 1))
                .hasMessageContaining("NaN");
    }

    private static boolean missesOnce(SplittableRandom random, double share, int steps) {
        long k = 0;
        for (int n = 1; n <= steps; n++) {
            k += random.nextDouble() < share ? 1 : 0;
            if (!(ConfidenceSequence.logE(k, n, share, 1, 1) < Math.log(20))) {
                return true;
            }
        }
        return !ConfidenceSequence.bernoulli(k, steps, 0.05).contains(share);
    }
}
