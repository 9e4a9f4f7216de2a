// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MomentsTest {
    static List<Case> quantiles() {
        return Reference.cases("quantiles.json", c -> true);
    }

    @Test
    void allCasesOfTheReferenceAreRead() {
        assertThat(quantiles()).hasSize(18);
    }

    @ParameterizedTest
    @MethodSource("quantiles")
    void agreesWithTheReference(Case reference) {
        Moments moments = Moments.of(Reference.sample(reference.input().get("x")));
        double mean = reference.expected().get("mean").asDouble();

        assertThat(moments.mean()).isCloseTo(mean, within(1e-9 * Math.abs(mean)));
        assertThat(moments.min()).isEqualTo(reference.expected().get("min").asDouble());
        assertThat(moments.max()).isEqualTo(reference.expected().get("max").asDouble());
        if (reference.expected().has("sd_sample")) {
            double sd = reference.expected().get("sd_sample").asDouble();
            assertThat(moments.standardDeviation(1)).isCloseTo(sd, within(1e-9 * sd));
        } else {
            assertThat(moments.count()).isOne();
            assertThat(moments.variance(1)).isNaN();
        }
    }

    /// The example of the literature on cancellation: 4, 7, 13, 16 far from zero.
    @Test
    void aLargeMeanDoesNotEatTheVariance() {
        for (double far : new double[] {0, 1e3, 1e9, 1e15}) {
            Moments moments = Moments.of(far + 4, far + 7, far + 13, far + 16);

            assertThat(moments.mean()).isEqualTo(far + 10);
            assertThat(moments.variance(0)).as("at %s", far).isEqualTo(22.5);
            assertThat(moments.variance(1)).as("at %s", far).isEqualTo(30);
        }
    }

    /// NIST StRD NumAcc1, NumAcc3 and NumAcc4. The certified values are those of decimal data; what doubles
    /// cannot hold of these sets the tolerance.
    @Test
    void agreesWithTheCertifiedValuesOfNist() {
        Moments first = Moments.of(10_000_001, 10_000_003, 10_000_002);
        assertThat(first.mean()).isEqualTo(10_000_002);
        assertThat(first.standardDeviation(1)).isEqualTo(1);

        assertAlternating(1_000_000, 1e-10);
        assertAlternating(10_000_000, 1e-9);
    }

    private static void assertAlternating(double base, double tolerance) {
        Moments moments = Moments.of(base + 0.2);
        for (int i = 0; i < 500; i++) {
            moments.add(base + 0.1);
            moments.add(base + 0.3);
        }

        assertThat(moments.count()).isEqualTo(1001);
        assertThat(moments.mean()).isCloseTo(base + 0.2, within(tolerance));
        assertThat(moments.standardDeviation(1)).isCloseTo(0.1, within(tolerance));
    }

    @Test
    void varianceIsRoundedOnceAtAnySize() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] values = new double[random.nextInt(2, 12)];
            for (int i = 0; i < values.length; i++) {
                values[i] = seed % 2 == 0
                        ? (random.nextDouble() - 0.5) * StrictMath.exp(random.nextInt(-300, 300))
                        : 1e6 + random.nextDouble();
            }
            BigDecimal sum = BigDecimal.ZERO;
            BigDecimal squares = BigDecimal.ZERO;
            for (double value : values) {
                BigDecimal exact = new BigDecimal(value);
                sum = sum.add(exact);
                squares = squares.add(exact.multiply(exact));
            }
            BigDecimal n = BigDecimal.valueOf(values.length);
            double expected = n.multiply(squares)
                    .subtract(sum.multiply(sum))
                    .divide(n.multiply(n), new MathContext(1200))
                    .doubleValue();

            assertThat(Moments.of(values).variance(0)).as("seed %s", seed).isEqualTo(expected);
            assertThat(Moments.of(values).sumOfSquares()).as("seed %s", seed).isEqualTo(squares.doubleValue());
        }
    }

    @Test
    void squaresBeyondTheRangeOfDoublesAreKept() {
        Moments huge = Moments.of(1e200, 1e200);
        assertThat(huge.variance(1)).isZero();
        assertThat(huge.sumOfSquares()).isEqualTo(Double.POSITIVE_INFINITY);
        Moments tiny = Moments.of(0x1p-600, 0x1p-600, -0x1p-600, -0x1p-600);
        assertThat(tiny.sumOfSquares()).isZero();
        assertThat(tiny).isNotEqualTo(Moments.of(0x1p-600, -0x1p-600, 0, 0));
        Moments extremes = Moments.of(Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE);
        assertThat(Accumulator.decode(extremes.encode())).isEqualTo(extremes);
        assertThat(extremes.variance(0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Moments.of(0x1p511, -0x1p511).variance(0)).isEqualTo(0x1p1022);
    }

    @Test
    void constantInputHasExactlyNoVariance() {
        for (double value : new double[] {0.1, -1e-300, 1e300, 12.5, 0}) {
            Moments moments = Moments.of(value, value, value, value, value, value, value);

            assertThat(moments.mean()).isEqualTo(value);
            assertThat(moments.variance(0)).isZero();
            assertThat(moments.variance(1)).isZero();
        }
    }

    @Test
    void shiftsAndScalesByPowersOfTwoAreExact() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Moments plain = new Moments();
            Moments moved = new Moments();
            Moments doubled = new Moments();
            for (int i = 0; i < 100; i++) {
                double value = random.nextInt(1 << 20);
                plain.add(value);
                moved.add(value + 0x1p40);
                doubled.add(-2 * value);
            }

            assertThat(moved.variance(1)).as("seed %s", seed).isEqualTo(plain.variance(1));
            assertThat(doubled.variance(1)).as("seed %s", seed).isEqualTo(4 * plain.variance(1));
            assertThat(doubled.mean()).as("seed %s", seed).isEqualTo(-2 * plain.mean());
        }
    }

    @Test
    void emptySingleMissingAndInfiniteInputHaveDefinedFigures() {
        Moments nothing = Moments.of(Double.NaN);
        assertThat(nothing.count()).isZero();
        assertThat(nothing.missing()).isOne();
        assertThat(nothing.sum()).isZero();
        assertThat(new double[] {
                    nothing.mean(), nothing.min(), nothing.max(), nothing.variance(0), nothing.standardDeviation(0)
                })
                .containsOnly(Double.NaN);
        Moments single = Moments.of(3);
        assertThat(single.variance(0)).isZero();
        assertThat(single.variance(1)).isNaN();
        Moments infinite = Moments.of(3, Double.POSITIVE_INFINITY);
        assertThat(infinite.mean()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(infinite.min()).isEqualTo(3);
        assertThat(infinite.max()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(infinite.variance(0)).isNaN();
        assertThat(infinite.sumOfSquares()).isEqualTo(Double.POSITIVE_INFINITY);
        Moments negative = Moments.of(Double.NEGATIVE_INFINITY);
        assertThat(negative.min()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(negative.max()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Moments.of(Double.POSITIVE_INFINITY).min()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThatThrownBy(() -> single.variance(2)).hasMessageContaining("ddof 2 must be 0");
    }

    @Test
    void momentsThatNoValuesHaveAreRefused() {
        byte[] bytes = Moments.of(1, 3).encode();
        byte[] otherCount = bytes.clone();
        otherCount[2] = 1;
        byte[] otherRange = bytes.clone();
        otherRange[bytes.length - 8] = (byte) 0xbf;

        for (byte[] wrong : new byte[][] {otherCount, otherRange}) {
            assertThatThrownBy(() -> Moments.decode(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("have this sum and sum of squares");
        }
    }
}
