// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExactSumTest {
    private static final double HALF_ULP_OF_MAX = Math.ulp(Double.MAX_VALUE) / 2;

    @Test
    void sumsWhatPlainAdditionLoses() {
        assertThat(ExactSum.of(1e100, 1, -1e100).value()).isEqualTo(1);
        assertThat(ExactSum.of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).value())
                .isEqualTo(1);
        assertThat(ExactSum.of(Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE)
                        .value())
                .isEqualTo(Double.MAX_VALUE);
        assertThat(ExactSum.of(Double.MAX_VALUE, Double.MIN_VALUE, -Double.MAX_VALUE)
                        .value())
                .isEqualTo(Double.MIN_VALUE);
        assertThat(ExactSum.of(1, Double.MIN_VALUE, -1, -Double.MIN_VALUE).value())
                .isZero();
    }

    @Test
    void tiesGoToTheEvenDoubleAndAnythingBehindBreaksThem() {
        double half = 0x1p-53;
        assertThat(ExactSum.of(1, half).value()).isEqualTo(1);
        assertThat(ExactSum.of(1, half, Double.MIN_VALUE).value()).isEqualTo(1 + 0x1p-52);
        assertThat(ExactSum.of(1, half, -Double.MIN_VALUE).value()).isEqualTo(1);
        assertThat(ExactSum.of(1 + 0x1p-52, half).value()).isEqualTo(1 + 0x1p-51);
        assertThat(ExactSum.of(-1, -half, -Double.MIN_VALUE).value()).isEqualTo(-1 - 0x1p-52);
    }

    @Test
    void overflowsOnlyWhereTheTrueSumDoes() {
        assertThat(ExactSum.of(Double.MAX_VALUE, HALF_ULP_OF_MAX).value()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(ExactSum.of(Double.MAX_VALUE, HALF_ULP_OF_MAX, -Double.MIN_VALUE)
                        .value())
                .isEqualTo(Double.MAX_VALUE);
        assertThat(ExactSum.of(-Double.MAX_VALUE, -HALF_ULP_OF_MAX).value()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(ExactSum.of(Double.MAX_VALUE, Double.MAX_VALUE).mean()).isEqualTo(Double.MAX_VALUE);
        assertThat(ExactSum.of(Double.MIN_VALUE, 0, 0).mean()).isZero();
        assertThat(ExactSum.of(Double.MIN_VALUE, Double.MIN_VALUE, 0).mean()).isEqualTo(Double.MIN_VALUE);
        assertThat(ExactSum.of(Double.MIN_NORMAL, -Double.MIN_VALUE).value())
                .isEqualTo(Double.MIN_NORMAL - Double.MIN_VALUE);
    }

    @Test
    void agreesWithDecimalArithmetic() {
        for (int seed = 0; seed < 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ExactSum sum = new ExactSum();
            BigDecimal exact = BigDecimal.ZERO;
            int n = random.nextInt(1, 40);
            double spread = random.nextDouble() * 80;
            for (int i = 0; i < n; i++) {
                double value = seed % 2 == 0
                        ? Samples.finite(random)
                        : (random.nextDouble() - 0.5) * StrictMath.exp(spread * random.nextDouble());
                sum.add(value);
                exact = exact.add(new BigDecimal(value));
            }

            assertThat(sum.value()).as("seed %s", seed).isEqualTo(exact.doubleValue());
            assertThat(sum.count()).isEqualTo(n);
        }
    }

    @Test
    void meansAreNotOneUnitInTheLastPlaceOff() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double a = Samples.finite(random);
            double b = Samples.finite(random);
            double c = Samples.finite(random);
            double mean = ExactSum.of(a, b, c).mean();
            BigDecimal three = BigDecimal.valueOf(3);
            BigDecimal sum = new BigDecimal(a).add(new BigDecimal(b)).add(new BigDecimal(c));
            BigDecimal off = sum.subtract(new BigDecimal(mean).multiply(three)).abs();
            BigDecimal up = sum.subtract(new BigDecimal(Math.nextUp(mean)).multiply(three))
                    .abs();
            BigDecimal down = sum.subtract(new BigDecimal(Math.nextDown(mean)).multiply(three))
                    .abs();

            assertThat(off).as("seed %s", seed).isLessThanOrEqualTo(up).isLessThanOrEqualTo(down);
        }
    }

    @Test
    void carriesAreDoneInTime() {
        FixedPoint number = new FixedPoint(FixedPoint.DOUBLES);
        double one = Math.nextDown(2.0);
        number.add(one);
        for (int i = 0; i < 40; i++) {
            number.add(number.copy());
        }

        assertThat(number.value()).isEqualTo(FixedPoint.exact(one).shiftLeft(40));
        assertThat(FixedPoint.of(number.value().negate(), FixedPoint.DOUBLES).value())
                .isEqualTo(number.value().negate());
        assertThat(number.value()).isGreaterThan(BigInteger.ZERO);
    }

    @Test
    void missingAndInfiniteValuesStandApart() {
        ExactSum sum = ExactSum.of(1, Double.NaN, 2);
        assertThat(sum.value()).isEqualTo(3);
        assertThat(sum.mean()).isEqualTo(1.5);
        assertThat(sum.missing()).isOne();
        sum.add(Double.POSITIVE_INFINITY);
        assertThat(sum.value()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(sum.mean()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(sum.positiveInfinite()).isOne();
        sum.add(Double.NEGATIVE_INFINITY);
        assertThat(sum.value()).isNaN();
        assertThat(sum.mean()).isNaN();
        assertThat(sum.negativeInfinite()).isOne();
        assertThat(sum.finiteCount()).isEqualTo(2);
        assertThat(sum.count()).isEqualTo(4);
        assertThat(ExactSum.of(Double.NEGATIVE_INFINITY).value()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void nothingSumsToZeroAndHasNoMean() {
        assertThat(new ExactSum().value()).isZero();
        assertThat(new ExactSum().mean()).isNaN();
        assertThat(ExactSum.of(Double.NaN).mean()).isNaN();
        assertThat(ExactSum.of(-0.0)).isEqualTo(ExactSum.of(0));
    }
}
