// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SharpeningTest {
    private static final List<Double> CHOICES = List.of(0.6, 0.3, 0.1);

    @Test
    void takesTheBestAtTemperatureZero() {
        assertThat(Sharpening.pick(CHOICES, 0, 0.999)).isZero();
    }

    @Test
    void samplesTheDistributionAsItIsAtTemperatureOne() {
        assertThat(shareOf(1, 1)).isCloseTo(0.3, within(0.01));
        assertThat(shareOf(2, 1)).isCloseTo(0.1, within(0.01));
    }

    @Test
    void sharpensByThePowerOfTheInverseTemperature() {
        double total = 0.36 + 0.09 + 0.01;

        assertThat(shareOf(1, 0.5)).isCloseTo(0.09 / total, within(0.01));
    }

    @Test
    void survivesTemperaturesAtWhichPowersUnderflow() {
        assertThat(Sharpening.pick(List.of(1e-200, 1e-250), 0.001, 0.5)).isZero();
        assertThat(Sharpening.pick(List.of(0.0, 0.0), 0.5, 0.9)).isBetween(0, 1);
    }

    @Test
    void refusesToChooseFromNothing() {
        assertThatThrownBy(() -> Sharpening.pick(List.of(), 1, 0.5)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double shareOf(int choice, double temperature) {
        SplittableRandom random = new SplittableRandom(11);
        int hits = 0;
        for (int i = 0; i < 50_000; i++) {
            hits += Sharpening.pick(CHOICES, temperature, random.nextDouble()) == choice ? 1 : 0;
        }
        return hits / 50_000.0;
    }
}
