// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.edgewise.statistics.proportion.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderedSampleTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    @Test
    void orderDoesNotMatterToTheLastBit() {
        for (int seed = 0; seed < 100; seed++) {
            double[] values = random(seed, 200);
            double[] reversed = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                reversed[i] = values[values.length - 1 - i];
            }
            OrderedSample one = OrderedSample.of(values);
            OrderedSample two = OrderedSample.of(reversed);

            assertThat(two.mean()).as("seed %d", seed).isEqualTo(one.mean());
            assertThat(two.sd()).as("seed %d", seed).isEqualTo(one.sd());
            assertThat(two.quantile(0.37, QuantileType.TYPE_7))
                    .as("seed %d", seed)
                    .isEqualTo(one.quantile(0.37, QuantileType.TYPE_7));
        }
    }

    @ParameterizedTest
    @EnumSource(QuantileType.class)
    void quantilesRiseWithinTheSample(QuantileType type) {
        for (int seed = 0; seed < 40; seed++) {
            OrderedSample sample = OrderedSample.of(random(seed, 1 + seed));
            double last = sample.min();
            for (int i = 0; i <= 1000; i++) {
                double quantile = sample.quantile(i / 1000.0, type);
                assertThat(quantile)
                        .as("seed %d, p %s", seed, i / 1000.0)
                        .isBetween(last - 1e-12 * Math.abs(last), sample.max());
                last = quantile;
            }
            assertThat(sample.quantile(0, type)).isEqualTo(sample.min());
            assertThat(sample.quantile(1, type)).isEqualTo(sample.max());
        }
    }

    /// Negating the sample mirrors the symmetric definitions.
    @ParameterizedTest
    @EnumSource(
            value = QuantileType.class,
            names = {"TYPE_2", "TYPE_5", "TYPE_6", "TYPE_7", "TYPE_8", "TYPE_9"})
    void negatedSamplesHaveMirroredQuantiles(QuantileType type) {
        for (int seed = 0; seed < 40; seed++) {
            double[] values = random(seed, 60);
            OrderedSample sample = OrderedSample.of(values);
            OrderedSample mirrored =
                    OrderedSample.of(Arrays.stream(values).map(v -> -v).toArray());
            for (int i = 0; i <= 64; i++) {
                double p = i / 64.0;
                assertThat(mirrored.quantile(1 - p, type))
                        .as("seed %d, p %s", seed, p)
                        .isCloseTo(-sample.quantile(p, type), within(1e-9));
            }
        }
    }

    @Test
    void scalingAndShiftingCarryOver() {
        for (int seed = 0; seed < 40; seed++) {
            double[] values = random(seed, 50);
            OrderedSample sample = OrderedSample.of(values);
            OrderedSample moved = OrderedSample.of(
                    Arrays.stream(values).map(v -> 4 * v + 1000).toArray());

            assertThat(moved.mean()).as("seed %d", seed).isCloseTo(4 * sample.mean() + 1000, withinPercentage(1e-10));
            assertThat(moved.sd()).as("seed %d", seed).isCloseTo(4 * sample.sd(), withinPercentage(1e-8));
        }
    }

    @Test
    void anEmptySampleHasNoFigures() {
        OrderedSample sample = OrderedSample.of(new double[0]);

        assertThat(sample.n()).isZero();
        for (double figure : new double[] {sample.min(), sample.max(), sample.mean(), sample.sd()}) {
            assertThat(figure).isNaN();
        }
        assertThat(sample.quantile(0.5, QuantileType.TYPE_7)).isNaN();
        assertThat(sample.quantileInterval(0.5, 0.05)).isEqualTo(new Interval(Double.NaN, Double.NaN));
    }

    @Test
    void oneValueAndEqualValuesHaveNoSpread() {
        OrderedSample one = OrderedSample.of(new double[] {3});
        OrderedSample equal = OrderedSample.of(new double[] {0.1, 0.1, 0.1});

        assertThat(one.mean()).isEqualTo(3);
        assertThat(one.sd()).isNaN();
        assertThat(equal.mean()).isEqualTo(0.1);
        assertThat(equal.sd()).isZero();
        assertThat(OrderedSample.of(new double[] {0, 0}).sd()).isZero();
    }

    @Test
    void veryLargeAndVerySmallValuesNeitherOverflowNorVanish() {
        double huge = Double.MAX_VALUE;
        assertThat(OrderedSample.of(new double[] {huge, huge, huge}).mean()).isEqualTo(huge);
        assertThat(OrderedSample.of(new double[] {huge, -huge}).mean()).isZero();
        assertThat(OrderedSample.of(new double[] {1e300, 3e300}).sd())
                .isCloseTo(Math.sqrt(2) * 1e300, withinPercentage(1e-12));
        assertThat(OrderedSample.of(new double[] {1e-300, 3e-300}).sd())
                .isCloseTo(Math.sqrt(2) * 1e-300, withinPercentage(1e-12));
        assertThat(OrderedSample.of(new double[] {-huge / 2, huge / 2}).sd())
                .isCloseTo(huge * Math.sqrt(0.5), withinPercentage(1e-10));
        assertThat(OrderedSample.of(new double[] {1e16, 1, -1e16}).mean()).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(OrderedSample.of(new double[] {1e9 + 1, 1e9 + 2, 1e9 + 3}).sd())
                .isCloseTo(1, within(1e-15));
    }

    @Test
    void infiniteValuesAreValues() {
        OrderedSample sample = OrderedSample.of(new double[] {1, INFINITE, 2, 3});

        assertThat(sample.quantile(0.5, QuantileType.TYPE_1)).isEqualTo(2);
        assertThat(sample.max()).isEqualTo(INFINITE);
        assertThat(sample.mean()).isEqualTo(INFINITE);
        assertThat(sample.sd()).isNaN();
        assertThat(OrderedSample.of(new double[] {-INFINITE, INFINITE}).mean()).isNaN();
        assertThat(OrderedSample.of(new double[] {INFINITE, INFINITE}).mean()).isEqualTo(INFINITE);
    }

    /// 0.07 · 100 is 7.000000000000001 in doubles; the rank meant is 7.
    @Test
    void wholeRanksAreNotMovedByRounding() {
        double[] values = new double[100];
        for (int i = 0; i < 100; i++) {
            values[i] = i + 1;
        }
        OrderedSample sample = OrderedSample.of(values);
        for (int percent = 1; percent <= 100; percent++) {
            assertThat(sample.quantile(percent / 100.0, QuantileType.TYPE_1)).isEqualTo(percent);
        }
    }

    @Test
    void refusesWhatIsNoSampleAndNoQuantile() {
        OrderedSample sample = OrderedSample.of(new double[] {1, 2});
        assertThatThrownBy(() -> OrderedSample.of(new double[] {1, Double.NaN}))
                .hasMessageStartingWith("OrderedSample: value 1 is NaN");
        assertThatThrownBy(() -> sample.quantile(99, QuantileType.TYPE_1))
                .hasMessageStartingWith("OrderedSample: quantile 99.0");
        assertThatThrownBy(() -> sample.quantile(Double.NaN, QuantileType.TYPE_1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sample.quantileInterval(1, 0.05)).hasMessageContaining("quantile 1.0");
        assertThatThrownBy(() -> sample.quantileInterval(0.5, 0)).hasMessageContaining("alpha 0.0");
    }

    @Test
    void samplesAreCopied() {
        double[] values = {3, 1, 2};
        OrderedSample sample = OrderedSample.of(values);
        values[1] = -100;

        assertThat(sample.min()).isEqualTo(1);
        assertThat(values).containsExactly(3, -100, 2);
    }

    /// p99 has an upper bound at 95 %, two-sided, from 368 values on: 0.99^n <= 0.025.
    @Test
    void intervalsNeedEnoughValues() {
        for (int n = 1; n < 600; n++) {
            double[] values = new double[n];
            Arrays.setAll(values, i -> i);
            Interval interval = OrderedSample.of(values).quantileInterval(0.99, 0.05);
            assertThat(Double.isNaN(interval.high())).as("n %d", n).isEqualTo(Math.pow(0.99, n) > 0.025);
        }
    }

    private static double[] random(int seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(5) == 0 ? random.nextInt(4) : StrictMath.exp(random.nextDouble(-3, 9));
        }
        return values;
    }
}
