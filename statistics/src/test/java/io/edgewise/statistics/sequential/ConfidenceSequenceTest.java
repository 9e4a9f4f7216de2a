// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.sequential.ConfidenceSequence.Interval;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConfidenceSequenceTest {
    @Test
    void knowsNothingBeforeTheFirstObservation() {
        assertThat(ConfidenceSequence.bernoulli(0, 0, 0.05)).isEqualTo(new Interval(0, 1));
    }

    @Test
    void isSymmetricAndHoldsTheEstimate() {
        for (int k = 0; k <= 60; k++) {
            Interval interval = ConfidenceSequence.bernoulli(k, 60, 0.05);
            Interval mirrored = ConfidenceSequence.bernoulli(60 - k, 60, 0.05);

            assertThat(interval.contains(k / 60.0)).isTrue();
            assertThat(interval.low()).isCloseTo(1 - mirrored.high(), within(1e-9));
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
    void coversAtAllTimesAtOnce() {
        long seed = 19;
        SplittableRandom random = new SplittableRandom(seed);
        int missed = 0;
        for (int run = 0; run < 300; run++) {
            missed += missesOnce(random, 0.92, 1000) ? 1 : 0;
        }
        assertThat(missed).as("seed %d", seed).isLessThanOrEqualTo(Simulation.mostFalseAlarms(300, 0.05));
    }

    @Test
    void refusesImpossibleCounts() {
        assertThatThrownBy(() -> ConfidenceSequence.bernoulli(3, 2, 0.05)).hasMessageContaining("3 of 2");
        assertThatThrownBy(() -> ConfidenceSequence.bernoulli(1, 2, 0)).hasMessageContaining("alpha");
    }

    private static boolean missesOnce(SplittableRandom random, double share, int steps) {
        long k = 0;
        for (int n = 1; n <= steps; n++) {
            k += random.nextDouble() < share ? 1 : 0;
            if (!ConfidenceSequence.bernoulli(k, n, 0.05).contains(share)) {
                return true;
            }
        }
        return false;
    }
}
