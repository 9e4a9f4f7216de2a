// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeanTestTest {
    private static final long SEED = 61;

    @Test
    void betsAreAdmissibleAndReachNearlyTheMaximum() {
        for (MeanTest test : tests()) {
            double most = 1 / (test.side() == Side.ABOVE ? test.limit() - test.low() : test.high() - test.limit());
            double[] bets = test.bets();

            assertThat(bets).hasSize(16).isSorted().doesNotHaveDuplicates();
            assertThat(bets[0]).isPositive();
            assertThat(bets[15]).isCloseTo(0.98 * most, within(1e-9 * most)).isLessThan(most);
        }
    }

    @Test
    void growthAddsUp() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 200; i++) {
            MeanTest test = anyTest(random);
            Values one = anyValues(random);
            Values two = anyValues(random);
            double[] together = test.growth(one.plus(two));
            double[] first = test.growth(one);
            double[] second = test.growth(two);
            for (int b = 0; b < together.length; b++) {
                assertThat(first[b] + second[b])
                        .as("seed %d case %d", SEED, i)
                        .isCloseTo(together[b], within(1e-9 * (1 + Math.abs(together[b]))));
            }
        }
    }

    @Test
    void evidenceIsTheSameToTheLastBitInWhateverOrderItIsMerged() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 200; i++) {
            MeanTest test = anyTest(random);
            List<Values> parts = new java.util.ArrayList<>(
                    IntStream.range(0, 8).mapToObj(p -> anyValues(random)).toList());
            Values forth = parts.stream().reduce(Values.empty(), Values::plus);
            Collections.reverse(parts);
            Values back = parts.stream().reduce(Values.empty(), Values::plus);

            assertThat(test.logE(forth)).as("seed %d case %d", SEED, i).isEqualTo(test.logE(back));
        }
    }

    @Test
    void swappingSidesMirrors() {
        for (int k = 0; k <= 400; k += 7) {
            double worse = new MeanTest(Purpose.SAFE, Side.ABOVE, 0.08, 0, 1).logE(Values.binary(k, 400));
            double better = new MeanTest(Purpose.SAFE, Side.BELOW, 0.92, 0, 1).logE(Values.binary(400 - k, 400));
            double negated = new MeanTest(Purpose.SAFE, Side.BELOW, -0.08, -1, 0)
                    .logE(new Values(new double[] {-1, 0}, new long[] {k, 400 - k}));

            assertThat(better).isCloseTo(worse, within(1e-9));
            assertThat(negated).isCloseTo(worse, within(1e-12));
        }
    }

    @Test
    void scalingTheRangeChangesNothing() {
        for (int k = 0; k <= 100; k += 5) {
            Values cents = new Values(new double[] {0, 100}, new long[] {100 - k, k});
            assertThat(new MeanTest(Purpose.SAFE, Side.ABOVE, 20, 0, 100).logE(cents))
                    .isCloseTo(
                            new MeanTest(Purpose.SAFE, Side.ABOVE, 0.2, 0, 1).logE(Values.binary(k, 100)),
                            within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.01, 0.05, 0.2, 0.5})
    void cleanStreamsEarnNearlyTheMost(double limit) {
        MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, limit, 0, 1);
        double most = -Math.log1p(-limit);
        double[] growth = test.growth(Values.binary(0, 1));

        assertThat(growth[15]).isBetween(0.975 * most, most);
        long n = Math.round(100 / most);
        assertThat(test.logE(Values.binary(0, n))).isGreaterThan(0.975 * 100 - Math.log(3));
    }

    /// No bet can do it with fewer than ln(20)/ln(1/0.99) = 299; the design promises 375.
    @Test
    void aOnePercentLimitIsShownByBetween299And375CleanDevices() {
        MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, 0.01, 0, 1);

        assertThat(test.logE(Values.binary(0, 298))).isLessThan(Math.log(20));
        assertThat(test.logE(Values.binary(0, 375))).isGreaterThan(Math.log(20));
    }

    @Test
    void weightsDivideTheFirstStake() {
        for (MeanTest test : tests()) {
            double[] weights = test.weights();

            assertThat(Arrays.stream(weights).sum()).as("%s", test).isCloseTo(1, within(1e-12));
            assertThat(weights).as("%s", test).hasSize(16);
            assertThat(Arrays.stream(weights).min().orElseThrow()).isNotNegative();
            assertThat(weights[15])
                    .as("%s", test)
                    .isGreaterThanOrEqualTo(test.purpose() == Purpose.SAFE ? 1 / 3.0 : 0.05);
        }
    }

    /// BELOW, the spread depends on the distance from the top: b = 1 at a limit of 1 %.
    @Test
    void belowALowLimitTheSpreadIsUniform() {
        MeanTest test = new MeanTest(Purpose.BREACH, Side.BELOW, 0.01, 0, 1);
        double[] weights = test.weights();
        weights[15] -= 0.05;
        double mean = 0;
        for (int i = 0; i < 16; i++) {
            mean += weights[i] / 0.95 * test.bets()[i] * 0.99;
        }
        assertThat(mean).isCloseTo(0.5, within(0.015));
    }

    /// The part that is not on the largest bet is the quadrature of a Beta(1, b) of the share.
    @ParameterizedTest
    @CsvSource({"0.01, 30", "0.02, 15", "0.08, 3.75", "0.15, 2", "0.3, 1", "0.5, 1", "0.9, 1"})
    void spreadIsABetaOfTheShareOfTheLargestBet(double limit, double b) {
        MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, limit, 0, 1);
        double[] bets = test.bets();
        double[] weights = test.weights();
        weights[15] -= 0.05;
        double mean = 0;
        for (int i = 0; i < bets.length; i++) {
            mean += weights[i] / 0.95 * bets[i] * limit;
        }
        assertThat(mean).isCloseTo(1 / (1 + b), within(0.03 / (1 + b)));
    }

    /// The same decision as the logarithm, in the brackets and between them, to the last bit of the
    /// threshold.
    @Test
    void crossingIsTheSameDecisionAsComparingTheLogarithm() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 4000; i++) {
            MeanTest test = i % 10 == 0 ? tests().get(i / 10 % tests().size()) : anyTest(random);
            double[] growth = test.bets();
            double scale = Math.pow(10, random.nextDouble(-2, 3));
            for (int b = 0; b < growth.length; b++) {
                growth[b] = random.nextDouble(-scale, scale);
            }
            double logE = test.logE(growth);
            for (double threshold : new double[] {
                logE, Math.nextUp(logE), Math.nextDown(logE), logE + random.nextDouble(-3, 3), 0, 3, 18.4
            }) {
                assertThat(test.crosses(growth, threshold))
                        .as("seed %d case %d threshold %s", SEED, i, threshold)
                        .isEqualTo(logE >= threshold);
            }
        }
    }

    @Test
    void crossingDecidesAllAlongAStream() {
        MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, 0.08, 0, 1);
        double[][] gains = {test.gains(0), test.gains(1)};
        SplittableRandom random = new SplittableRandom(SEED);
        for (int run = 0; run < 20; run++) {
            double[] growth = new double[16];
            for (int n = 1; n <= 2000; n++) {
                growth = MeanTest.plus(growth, gains[random.nextDouble() < 0.05 ? 1 : 0]);
                assertThat(test.crosses(growth, Math.log(20)))
                        .as("seed %d run %d n %d", SEED, run, n)
                        .isEqualTo(test.logE(growth) >= Math.log(20));
            }
        }
    }

    @Test
    void isAValue() {
        MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1);

        assertThat(test).isEqualTo(new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1));
        assertThat(test).hasSameHashCodeAs(new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1));
        assertThat(test).isNotEqualTo(new MeanTest(Purpose.SAFE, Side.ABOVE, 0.08, 0, 1));
        assertThat(test).hasToString("MeanTest[BREACH, ABOVE 0.08 on 0.0 to 1.0]");
        test.bets()[0] = 9;
        test.weights()[0] = 9;
        assertThat(test.bets()[0]).isLessThan(1);
        assertThat(test.weights()[0]).isLessThan(1);
    }

    @Test
    void noObservationsAreNoEvidence() {
        assertThat(new MeanTest(Purpose.SAFE, Side.ABOVE, 0.08, 0, 1).logE(Values.empty()))
                .isZero();
        assertThat(new MeanTest(Purpose.SAFE, Side.BELOW, 0, -1, 1).logE(Values.empty()))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"ABOVE, 1", "ABOVE, 1.5", "BELOW, 0", "BELOW, -0.5", "ABOVE, -0.01", "BELOW, 1.01"})
    void nothingIsEarnedWhereTheLimitCannotBeAsked(Side side, double limit) {
        MeanTest test = new MeanTest(Purpose.SAFE, side, limit, 0, 1);

        assertThat(test.bets()).containsOnly(0);
        assertThat(test.logE(Values.binary(500, 1000))).isZero();
    }

    @Test
    void aLimitOfNothingFallsWithTheFirstEvent() {
        MeanTest test = new MeanTest(Purpose.SAFE, Side.ABOVE, 0, 0, 1);
        assertThat(test.logE(Values.binary(0, 1_000_000))).isZero();
        assertThat(test.logE(Values.binary(1, 1_000_000))).isBetween(20.0, 30.0);

        MeanTest mirrored = new MeanTest(Purpose.SAFE, Side.BELOW, 1, 0, 1);
        assertThat(mirrored.logE(Values.binary(1_000_000, 1_000_000))).isZero();
        assertThat(mirrored.logE(Values.binary(999_999, 1_000_000))).isBetween(20.0, 30.0);
    }

    /// The mixture of bets decides on the scale of the truncated beta mixture: k of n against q0.
    @ParameterizedTest
    @CsvSource({
        "121, 180, 0.5", "150, 236, 0.5", "10, 10, 0.5", "60, 80, 0.5", "560, 1000, 0.5", "5, 20, 0.1",
        "16, 80, 0.08", "33, 220, 0.08", "87, 720, 0.08", "270, 2700, 0.08", "8, 26, 0.08", "200, 2000, 0.08",
        "30, 1000, 0.01", "10, 200, 0.01", "5, 50, 0.01", "1250, 100000, 0.01", "26000, 50000, 0.51", "4, 500, 0.001"
    })
    void differsLittleFromTheTruncatedBetaMixture(long k, long n, double q0) {
        double ours = new MeanTest(Purpose.BREACH, Side.ABOVE, q0, 0, 1).logE(Values.binary(k, n));
        double theirs = TruncatedBeta.logE(k, n, q0, 1, q0 < 0.05 ? 30 : 1);

        assertThat(ours).isCloseTo(theirs, within(1.5));
    }

    @Test
    void refusesValuesOutsideTheRangeAndGrowthOfOthers() {
        MeanTest test = new MeanTest(Purpose.SAFE, Side.ABOVE, 0.08, 0, 1);
        assertThatThrownBy(() -> test.growth(new Values(new double[] {1.5}, new long[] {1})))
                .hasMessageContaining("outside [0.0, 1.0]");
        assertThatThrownBy(() -> test.logE(new double[3])).hasMessageContaining("growth()");
        assertThatThrownBy(() -> new MeanTest(Purpose.SAFE, Side.ABOVE, Double.NaN, 0, 1))
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> new MeanTest(Purpose.SAFE, Side.ABOVE, 0, 1, 1))
                .hasMessageContaining("low below high");
    }

    /// What is not a number would compare as "not reached", for ever.
    @Test
    void refusesGrowthAndThresholdsThatAreNotNumbers() {
        MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1);
        double[] growth = new double[16];
        assertThatThrownBy(() -> test.crosses(growth, Double.NaN)).hasMessageContaining("not a number");
        assertThatThrownBy(() -> Detector.start(test).crosses(Double.NaN)).hasMessageContaining("not a number");
        assertThat(test.crosses(growth, Double.POSITIVE_INFINITY)).isFalse();
        for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            double[] bad = new double[16];
            bad[7] = broken;
            assertThatThrownBy(() -> test.logE(bad)).hasMessageContaining("finite logarithms");
            assertThatThrownBy(() -> test.crosses(bad, 3)).hasMessageContaining("finite logarithms");
            assertThatThrownBy(() -> Detector.start(test).peek(bad)).hasMessageContaining("finite logarithms");
        }
    }

    @Test
    void rangesOfAnySizeGiveFiniteBetsOrAreRefused() {
        for (double size = 1e-150; size < 1e150; size *= 1e10) {
            for (double share : new double[] {1e-6, 0.01, 0.5, 0.99}) {
                MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, share * size, 0, size);
                MeanTest unit = new MeanTest(Purpose.SAFE, Side.BELOW, share, 0, 1);
                double one = test.logE(new Values(new double[] {0, size}, new long[] {900, 3}));

                assertThat(one).isCloseTo(unit.logE(Values.binary(3, 903)), within(1e-6));
            }
        }
        MeanTest huge = new MeanTest(Purpose.SAFE, Side.BELOW, 1e200, 0, 1e201);
        assertThat(Arrays.stream(huge.weights()).sum()).isCloseTo(1, within(1e-12));
        assertThatThrownBy(() -> new MeanTest(Purpose.SAFE, Side.BELOW, 0, -1e308, 1e308))
                .hasMessageContaining("Scale values");
        assertThatThrownBy(() -> new MeanTest(Purpose.SAFE, Side.ABOVE, 1e-320, 0, 1))
                .hasMessageContaining("Scale values");
    }

    /// A change here changes recorded decisions: it needs a new version of the statistics.
    @Test
    void givesTheSameNumbersForever() {
        MeanTest breach = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1);
        MeanTest safe = new MeanTest(Purpose.SAFE, Side.BELOW, 0.05, -1, 1);
        Values differences = new Values(new double[] {-1, 0, 1}, new long[] {20, 400, 9});

        assertThat(breach.logE(Values.binary(33, 220))).isEqualTo(4.241200985083591);
        assertThat(safe.logE(differences)).isEqualTo(13.222334683198234);
        assertThat(Detector.start(breach)
                        .next(breach.growth(Values.binary(33, 220)))
                        .peek(breach.growth(Values.binary(2, 9))))
                .isEqualTo(4.934232477961728);
    }

    private static List<MeanTest> tests() {
        return List.of(
                new MeanTest(Purpose.SAFE, Side.ABOVE, 0.08, 0, 1),
                new MeanTest(Purpose.SAFE, Side.BELOW, 0.01, 0, 1),
                new MeanTest(Purpose.BREACH, Side.ABOVE, 0.01, 0, 1),
                new MeanTest(Purpose.BREACH, Side.ABOVE, 0.001, 0, 1),
                new MeanTest(Purpose.BREACH, Side.ABOVE, 0.000_01, 0, 1),
                new MeanTest(Purpose.BREACH, Side.BELOW, 0.92, 0, 1),
                new MeanTest(Purpose.BREACH, Side.ABOVE, 0.05, -1, 1),
                new MeanTest(Purpose.SAFE, Side.BELOW, 0.05, -1, 1));
    }

    private static MeanTest anyTest(SplittableRandom random) {
        Purpose purpose = random.nextBoolean() ? Purpose.SAFE : Purpose.BREACH;
        return new MeanTest(
                purpose, random.nextBoolean() ? Side.ABOVE : Side.BELOW, random.nextDouble(-0.9, 0.9), -1, 1);
    }

    private static Values anyValues(SplittableRandom random) {
        double[] values = new double[random.nextInt(1, 9)];
        long[] counts = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-10, 11) / 10.0;
            counts[i] = random.nextInt(0, 1000);
        }
        return new Values(values, counts);
    }
}
