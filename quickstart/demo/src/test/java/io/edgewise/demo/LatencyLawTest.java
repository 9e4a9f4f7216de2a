// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyLawTest {
    private static final int SAMPLES = 100_000;

    @Test
    void hasTheMedianAndTheTailThatItStates() {
        long[] sorted = samples(1);

        assertThat(sorted[SAMPLES / 2] / 1_000.0).isCloseTo(60, within(1.0));
        assertThat(sorted[SAMPLES * 99 / 100] / 1_000.0).isCloseTo(180, within(6.0));
        assertThat(sorted[0]).isPositive();
    }

    @Test
    void givesTheSameLatenciesForTheSameSeed() {
        assertThat(samples(5)).isEqualTo(samples(5)).isNotEqualTo(samples(6));
    }

    @Test
    void isConstantWhenTheTailIsTheMedian() {
        assertThat(new LatencyLaw(500, 500).sampleMicros(new SplittableRandom(1)))
                .isEqualTo(500);
    }

    @Test
    void refusesATailBelowTheMedian() {
        assertThatThrownBy(() -> new LatencyLaw(100, 50)).hasMessageContaining("median 100.0 and p99 50.0");
        assertThatThrownBy(() -> new LatencyLaw(Double.NaN, 50)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysItselfInWords() {
        assertThat(LatencyLaw.NETWORK.words()).isEqualTo("log-normal, median 60 ms, p99 180 ms");
    }

    private static long[] samples(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return LongStream.generate(() -> LatencyLaw.NETWORK.sampleMicros(random))
                .limit(SAMPLES)
                .sorted()
                .toArray();
    }
}
