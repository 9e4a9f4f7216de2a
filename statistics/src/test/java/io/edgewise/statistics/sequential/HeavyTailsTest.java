// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.sequential.ConfidenceSequence.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Catoni's sequence and capped means.
class HeavyTailsTest {
    private static final double VARIANCE = (Math.E - 1) * Math.E;

    private static double[] logNormal(SplittableRandom random, int n) {
        return DoubleStream.generate(() -> Math.exp(random.nextGaussian()))
                .limit(n)
                .toArray();
    }

    /// Computed with SciPy's brentq from the paper's formula.
    @Test
    void catoniEqualsTheFormula() {
        Interval five =
                CatoniSequence.of(new double[] {1, 2, 0.5, 30, 1.5}, 4, 0.05).interval();
        Interval one = CatoniSequence.of(new double[] {1}, 4, 0.05).interval();

        assertThat(five.low()).isCloseTo(-1.6590798496175345, within(1e-9));
        assertThat(five.high()).isCloseTo(13.35503266634242, within(1e-9));
        assertThat(one.low()).isCloseTo(-76.84804364813657, within(1e-9));
        assertThat(one.high()).isCloseTo(78.84804364813655, within(1e-9));
    }

    /// Published for log-normal(0, 1), variance bound 20 % too big: about 0.53 at 1,000 and 0.28 at 5,000
    /// (sd 2.16).
    @ParameterizedTest
    @CsvSource({"1000, 0.53", "5000, 0.28"})
    void catoniIsAsNarrowAsPublished(int n, double published) {
        SplittableRandom random = new SplittableRandom(41);
        double sum = 0;
        for (int run = 0; run < 20; run++) {
            sum += CatoniSequence.of(logNormal(random, n), 1.2 * VARIANCE, 0.05)
                            .interval()
                            .width()
                    / 2;
        }

        assertThat(sum / 20).as("seed 41").isCloseTo(published, within(0.1 * published));
    }

    @Test
    void catoniMovesWithTheValues() {
        double[] x = logNormal(new SplittableRandom(8), 300);
        Interval interval = CatoniSequence.of(x, 6, 0.05).interval();
        Interval shifted = CatoniSequence.of(
                        Arrays.stream(x).map(v -> 10 - 2 * v).toArray(), 24, 0.05)
                .interval();
        Interval surer = CatoniSequence.of(x, 6, 0.001).interval();
        Interval unsure = CatoniSequence.of(x, 12, 0.05).interval();

        assertThat(shifted.low()).isCloseTo(10 - 2 * interval.high(), within(1e-9));
        assertThat(shifted.high()).isCloseTo(10 - 2 * interval.low(), within(1e-9));
        assertThat(interval.contains(Arrays.stream(x).average().orElseThrow())).isTrue();
        assertThat(surer.width()).isGreaterThan(interval.width());
        assertThat(unsure.width()).isGreaterThan(interval.width());
    }

    @Test
    void catoniHoldsForEmptyConstantAndWildValues() {
        assertThat(CatoniSequence.of(new double[0], 1, 0.05).interval().contains(1e300))
                .isTrue();
        assertThat(CatoniSequence.of(new double[] {5, 5, 5, 5}, 1, 0.05)
                        .interval()
                        .contains(5))
                .isTrue();
        Interval wild =
                CatoniSequence.of(new double[] {1, 1e12, -1, 2, 1.5}, 4, 0.05).interval();
        assertThat(wild.low()).isFinite();
        assertThat(wild.high()).isFinite();
        assertThatThrownBy(() -> CatoniSequence.of(new double[] {Double.NaN}, 1, 0.05))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> CatoniSequence.of(new double[] {1}, 0, 0.05)).hasMessageContaining("variance bound");
        assertThatThrownBy(() -> CatoniSequence.of(new double[] {1}, 1, 2)).hasMessageContaining("alpha 2.0");
    }

    @Test
    void capReportsHowManyItCut() {
        CappedMean mean = CappedMean.of(new double[] {1, 2, 3, 10, Double.POSITIVE_INFINITY, 4}, 4);

        assertThat(mean.mean()).isCloseTo((1 + 2 + 3 + 4 + 4 + 4) / 6.0, within(1e-12));
        assertThat(mean.cappedShare()).isCloseTo(2 / 6.0, within(1e-12));
        assertThat(mean.above()).isEqualTo(2);
    }

    @Test
    void cappedMeansMergeExactly() {
        SplittableRandom random = new SplittableRandom(13);
        double[] x = logNormal(random, 500);
        CappedMean whole = CappedMean.of(x, 3);
        CappedMean merged =
                CappedMean.of(Arrays.copyOfRange(x, 200, 500), 3).plus(CappedMean.of(Arrays.copyOf(x, 200), 3));

        assertThat(merged).isEqualTo(whole);
        assertThat(merged.mean()).isEqualTo(whole.mean());
        assertThat(CappedMean.of(new double[0], 3).mean()).isNaN();
        assertThat(CappedMean.of(new double[0], 3).cappedShare()).isNaN();
        assertThat(whole.plus(CappedMean.of(new double[0], 3))).isEqualTo(whole);
    }

    @Test
    void scaledDifferenceIsBoundedAndTurnsRound() {
        assertThat(CappedMean.scaledDifference(1, 2, 4)).isEqualTo(0.25);
        assertThat(CappedMean.scaledDifference(0, Double.POSITIVE_INFINITY, 4)).isEqualTo(1);
        assertThat(CappedMean.scaledDifference(100, 0, 4)).isEqualTo(-1);
        assertThat(CappedMean.scaledDifference(3, 1, 4)).isEqualTo(-CappedMean.scaledDifference(1, 3, 4));
    }

    @Test
    void capRefusesWhatIsNoCost() {
        assertThatThrownBy(() -> CappedMean.of(new double[] {-1}, 4)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> CappedMean.of(new double[] {Double.NaN}, 4)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> CappedMean.of(new double[] {1}, Double.POSITIVE_INFINITY))
                .hasMessageContaining("cap Infinity");
        assertThatThrownBy(() -> CappedMean.of(new double[] {1}, 4).plus(CappedMean.of(new double[] {1}, 5)))
                .hasMessageContaining("differ");
        assertThatThrownBy(() -> new CappedMean(1, Values.binary(1, 2), 3)).hasMessageContaining("3 of 2");
        assertThatThrownBy(() -> new CappedMean(0.5, Values.binary(1, 2), 0)).hasMessageContaining("outside [0, 0.5]");
    }
}
