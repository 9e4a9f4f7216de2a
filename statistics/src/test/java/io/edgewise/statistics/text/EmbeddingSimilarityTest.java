// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EmbeddingSimilarityTest {
    /// (1·4 + 2·5 + 3·6) / √(14 · 77), by hand; 1 - `scipy.spatial.distance.cosine` gives the same.
    @Test
    void isTheCosine() {
        assertThat(cosine(1, 2, 3, 4, 5, 6)).isCloseTo(0.9746318461970762, within(1e-15));
        assertThat(cosine(1, 0, 0, 1)).isZero();
        assertThat(cosine(1, 1, 1, 0)).isCloseTo(StrictMath.sqrt(0.5), within(1e-15));
        assertThat(cosine(1, 2, -1, -2)).isEqualTo(-1);
    }

    @Test
    void negativeCosinesScoreZero() {
        assertThat(EmbeddingSimilarity.score(new double[] {1, 2}, new double[] {-1, -2}))
                .isZero();
        assertThat(EmbeddingSimilarity.score(new float[] {1, 2}, new float[] {2, 4}))
                .isEqualTo(1);
        assertThat(EmbeddingSimilarity.cosine(new float[] {3, 4}, new float[] {4, 3}))
                .isCloseTo(0.96, within(1e-15));
    }

    @Test
    void aVectorWithoutDirectionAgreesWithNothing() {
        for (double odd : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            double[] vector = {0, odd};
            assertThat(EmbeddingSimilarity.cosine(vector, new double[] {1, 1})).isNaN();
            assertThat(EmbeddingSimilarity.cosine(new double[] {1, 1}, vector)).isNaN();
            assertThat(EmbeddingSimilarity.score(vector, vector)).isZero();
        }
    }

    @Test
    void lengthDoesNotMatterHoweverLargeOrSmall() {
        for (double scale : new double[] {1e-320, 1e-300, 1e-160, 1, 1e160, 1e300}) {
            double[] x = {3 * scale, 4 * scale};
            assertThat(EmbeddingSimilarity.cosine(x, x)).as("%s", scale).isEqualTo(1);
            assertThat(EmbeddingSimilarity.cosine(x, new double[] {4, 3}))
                    .as("%s", scale)
                    .isCloseTo(0.96, within(scale < 1e-310 ? 1e-3 : 1e-15));
        }
    }

    @Test
    void refusesVectorsOfDifferentModels() {
        assertThatThrownBy(() -> EmbeddingSimilarity.score(new double[2], new double[3]))
                .hasMessageContaining("2 and 3 entries; embed both texts with the same model");
        assertThatThrownBy(() -> EmbeddingSimilarity.score(new float[0], new float[0]))
                .hasMessageContaining("no entries");
    }

    @Test
    void isSymmetricBoundedAndOneForItself() {
        for (int seed = 0; seed < 1000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] x = random.doubles(1 + random.nextInt(40), -1, 1).toArray();
            double[] y = random.doubles(x.length, -1, 1).toArray();
            double[] twice = Arrays.stream(x).map(v -> 8 * v).toArray();

            double cosine = EmbeddingSimilarity.cosine(x, y);
            assertThat(cosine).as("seed %d", seed).isBetween(-1.0, 1.0);
            assertThat(EmbeddingSimilarity.cosine(y, x)).as("seed %d", seed).isEqualTo(cosine);
            assertThat(EmbeddingSimilarity.cosine(twice, y)).as("seed %d", seed).isEqualTo(cosine);
            assertThat(EmbeddingSimilarity.score(x, x)).as("seed %d", seed).isEqualTo(1);
            assertThat(EmbeddingSimilarity.score(x, y)).as("seed %d", seed).isBetween(0.0, 1.0);
        }
    }

    private static double cosine(double... both) {
        int n = both.length / 2;
        return EmbeddingSimilarity.cosine(Arrays.copyOf(both, n), Arrays.copyOfRange(both, n, 2 * n));
    }
}
