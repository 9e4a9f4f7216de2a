// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoncentralChiSquareTest {
    /// Computed with mpmath at 200 digits.
    @ParameterizedTest
    @CsvSource({
        "30, 9, 0.5, 0.0007926922399239026, 0.999207307760076",
        "100, 9, 500, 1, 8.04352338229518e-37",
        "5000, 9, 5000, 0.5225563036117272, 0.4774436963882727",
        "5600, 9, 5000, 2.376142775105368e-05, 0.9999762385722489",
        "4200, 9, 5000, 0.9999999987567717, 1.2432283167075164e-09",
        "0.01, 9, 40, 1, 1.7649249214444305e-21",
        "3, 1, 2, 0.37613105072179026, 0.6238689492782097",
        "1000, 19, 10, 1.2716098865182175e-169, 1",
        "900, 9, 40, 1.5924792202208124e-121, 1"
    })
    void keepsItsDigitsInBothTails(double x, double degrees, double lambda, double above, double below) {
        assertThat(NoncentralChiSquare.above(x, degrees, lambda)).isCloseTo(above, within(1e-9 * above));
        assertThat(NoncentralChiSquare.below(x, degrees, lambda)).isCloseTo(below, within(1e-9 * below));
    }

    @Test
    void bothTailsAddUpToOne() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            double degrees = random.nextInt(1, 60);
            double lambda = Math.pow(10, random.nextDouble(-4, 4.5));
            double x = (degrees + lambda) * random.nextDouble(0, 3);
            double sum = NoncentralChiSquare.above(x, degrees, lambda) + NoncentralChiSquare.below(x, degrees, lambda);
            assertThat(sum).as("seed %d: %s %s %s", seed, x, degrees, lambda).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void handlesLargeSamples() {
        assertThat(NoncentralChiSquare.above(2.5e7, 9, 5e5)).isZero();
        assertThat(NoncentralChiSquare.below(1e3, 9, 5e5)).isZero();
        assertThat(NoncentralChiSquare.above(5e5, 9, 5e5)).isCloseTo(0.5, within(0.01));
        assertThat(NoncentralChiSquare.above(0, 9, 5)).isEqualTo(1);
        assertThat(NoncentralChiSquare.below(0, 9, 5)).isZero();
    }
}
