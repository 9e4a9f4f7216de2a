// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BinSpreadTest {
    /// Wrong answers at the upper bound, right ones at the lower: (1 + h)² q(1 - q).
    @Test
    void isAttainedByTheWorstCorrelation() {
        for (int bin = 0; bin < 15; bin++) {
            double low = bin / 15.0;
            double q = 0.3;
            BinSpread spread = BinSpread.of(bin, 15, low + q / 15);

            assertThat(spread.ofWrong(q))
                    .as("bin %d", bin)
                    .isCloseTo((16 / 15.0) * (16 / 15.0) * q * (1 - q), within(1e-12));
        }
    }

    /// Against laws of confidence and correctness drawn at random.
    @Test
    void isNeverUndercut() {
        for (long seed = 1; seed <= 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int bin = random.nextInt(15);
            double[] law = new double[8];
            double all = 0;
            for (int i = 0; i < law.length; i++) {
                law[i] = Math.pow(random.nextDouble(), 4);
                all += law[i];
            }
            double confidence = 0;
            double wrong = 0;
            double mean = 0;
            double square = 0;
            for (int i = 0; i < law.length; i++) {
                double c = (bin + (i >> 1) / 3.0) / 15;
                double d = c - i % 2;
                confidence += law[i] / all * c;
                wrong += law[i] / all * (1 - i % 2);
                mean += law[i] / all * d;
                square += law[i] / all * d * d;
            }
            BinSpread spread = BinSpread.of(bin, 15, confidence);
            double variance = square - mean * mean;

            assertThat(spread.ofWrong(wrong)).as("seed %d", seed).isGreaterThanOrEqualTo(variance - 1e-12);
            assertThat(spread.variance(confidence > 0.5 ? wrong : 1 - wrong))
                    .as("seed %d", seed)
                    .isGreaterThanOrEqualTo(variance - 1e-12);
        }
    }

    @Test
    void isBinomialWhereTheBinIsNotKnown() {
        BinSpread elsewhere = BinSpread.of(3, 15, 0.9);

        assertThat(elsewhere.variance(0.1)).isCloseTo(0.09, within(1e-15));
        assertThat(elsewhere.variance(0.7)).isEqualTo(0.25);
        assertThat(elsewhere.variance(-1)).isZero();
    }
}
