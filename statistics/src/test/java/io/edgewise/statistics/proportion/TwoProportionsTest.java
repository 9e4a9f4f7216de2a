// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwoProportionsTest {
    private static final Interval ANY = new Interval(-1, 1);

    @Test
    void swappingTheGroupsMirrorsEverything() {
        SplittableRandom random = new SplittableRandom(31);
        for (int run = 0; run < 300; run++) {
            Proportion one = random(random, run % 3 == 0 ? 100_000 : 40);
            Proportion two = random(random, 40);
            TwoProportions given = new TwoProportions(one, two);
            TwoProportions swapped = new TwoProportions(two, one);
            String what = "run " + run + ", " + given;

            assertThat(given.difference()).as(what).isEqualTo(-swapped.difference());
            assertThat(given.pFisher())
                    .as(what)
                    .isCloseTo(swapped.pFisher(), within(1e-11))
                    .isBetween(0.0, 1.0);
            assertMirrored(what, given.newcombe(0.05), swapped.newcombe(0.05), 1e-12);
            assertMirrored(what, given.miettinenNurminen(0.05), swapped.miettinenNurminen(0.05), 1e-7);
            assertThat(given.newcombe(0.05).contains(given.difference()))
                    .as(what)
                    .isTrue();
            assertThat(given.miettinenNurminen(0.05).contains(given.difference()))
                    .as(what)
                    .isTrue();
            if (!Double.isNaN(given.zPooled())) {
                assertThat(given.zPooled()).as(what).isEqualTo(-swapped.zPooled());
                assertThat(given.pPooled())
                        .as(what)
                        .isEqualTo(swapped.pPooled())
                        .isBetween(0.0, 1.0);
            }
        }
    }

    /// The closed solution of the cubic is where the restricted likelihood is largest.
    @Test
    void restrictedSharesMaximiseTheLikelihood() {
        SplittableRandom random = new SplittableRandom(37);
        for (int run = 0; run < 200; run++) {
            ScoreInterval score = new ScoreInterval(random(random, 60), random(random, 500));
            double delta = random.nextDouble(-0.99, 0.99);
            double best = score.firstShareAt(delta);
            double low = Math.max(0, delta);
            double high = Math.min(1, 1 + delta);

            for (int i = 1; i < 400; i++) {
                double other = low + (high - low) * i / 400;
                assertThat(logLikelihood(score, other, delta))
                        .as("run %d, %s, delta %s, share %s instead of %s", run, score, delta, other, best)
                        .isLessThanOrEqualTo(logLikelihood(score, best, delta) + 1e-6);
            }
        }
    }

    @Test
    void nothingIsKnownOfAnEmptyGroup() {
        TwoProportions two = new TwoProportions(new Proportion(0, 0), new Proportion(3, 7));

        assertThat(two.difference()).isNaN();
        assertThat(two.zPooled()).isNaN();
        assertThat(two.pPooled()).isNaN();
        assertThat(two.pFisher()).isEqualTo(1);
        assertThat(two.newcombe(0.05)).isEqualTo(ANY);
        assertThat(two.miettinenNurminen(0.05)).isEqualTo(ANY);
    }

    @Test
    void groupsWithoutAnyEventDoNotDiffer() {
        TwoProportions two = new TwoProportions(new Proportion(0, 50), new Proportion(0, 60));

        assertThat(two.difference()).isZero();
        assertThat(two.zPooled()).isNaN();
        assertThat(two.pFisher()).isEqualTo(1);
        assertThat(two.miettinenNurminen(0.05).low()).isBetween(-0.08, -0.05);
        assertThat(two.miettinenNurminen(0.05).high()).isBetween(0.05, 0.08);
    }

    /// Summed by mpmath at 60 digits, the wide ones integrated.
    @ParameterizedTest
    @CsvSource({
        "12, 988, 120, 98880, 1.09185411817578e-8",
        "3, 2000000000, 20, 2000000000, 0.000488281233110429",
        "100000000, 900000000, 100200000, 899800000, 3.27483306093853e-50",
        "1000000000, 1000000000, 1000050000, 999950000, 0.113853526958839",
        "3000000000, 1000000000, 2999900000, 1000000000, 0.518604145260009",
        "0, 1000000000000000, 7, 1000000000000, 9.93027916237316e-22",
        "0, 1000000000000000000, 3, 1000000000000000000, 0.25",
        "1, 1000000000000000000, 1, 1000000000000000000, 1",
        "1000000000000000000, 1000000000000000000, 1000000002000000000, 999999998000000000, 0.0455002694034373"
    })
    void fishersTestHoldsForCountsOfAnySize(long a, long b, long c, long d, double p) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(exact(a, b, c, d)).isCloseTo(p, within(1e-6 * p));
            assertThat(exact(c, d, a, b)).isCloseTo(p, within(1e-6 * p));
            assertThat(exact(d, c, b, a)).isCloseTo(p, within(1e-6 * p));
        });
    }

    private static double exact(long a, long b, long c, long d) {
        return new TwoProportions(new Proportion(a, a + b), new Proportion(c, c + d)).pFisher();
    }

    /// In whole numbers. Commons Statistics loses ties to rounding: it says 0.6 for [[2, 1], [6, 7]], where all
    /// other tables are as likely or less.
    @Test
    void fishersTestIsTheSumOfAllTablesAtMostAsLikely() {
        assertThat(exact(2, 1, 6, 7)).isEqualTo(1);
        long seed = 17;
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 1_000; run++) {
            int most = 1 << random.nextInt(1, 8);
            int top = random.nextInt(1, 2 * most);
            int bottom = random.nextInt(1, 2 * most);
            int a = random.nextInt(top + 1);
            int left = a + random.nextInt(bottom + 1);
            BigInteger observed = tables(top, bottom, left, a);
            BigInteger sum = BigInteger.ZERO;
            BigInteger all = BigInteger.ZERO;
            for (int i = Math.max(0, left - bottom); i <= Math.min(left, top); i++) {
                BigInteger tables = tables(top, bottom, left, i);
                all = all.add(tables);
                sum = tables.compareTo(observed) <= 0 ? sum.add(tables) : sum;
            }
            double p = new BigDecimal(sum)
                    .divide(new BigDecimal(all), MathContext.DECIMAL64)
                    .doubleValue();
            assertThat(exact(a, top - a, left - a, bottom - left + a))
                    .as("seed %d run %d: %d of %d, %d of %d", seed, run, a, top, left - a, bottom)
                    .isCloseTo(p, within(1e-11 * p));
        }
    }

    private static BigInteger tables(int top, int bottom, int left, int a) {
        return choose(top, a).multiply(choose(bottom, left - a));
    }

    private static BigInteger choose(int n, int k) {
        BigInteger ways = BigInteger.ONE;
        for (int i = 1; i <= k; i++) {
            ways = ways.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
        }
        return ways;
    }

    @Test
    void whatIsTooManyForTheExactTestIsSaid() {
        Proportion many = new Proportion(1, Long.MAX_VALUE);
        assertThatThrownBy(() -> new TwoProportions(many, many).pFisher())
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("damaged or added twice");
    }

    private static Proportion random(SplittableRandom random, int most) {
        int n = random.nextInt(1, most);
        return new Proportion(random.nextInt(n + 1), n);
    }

    private static void assertMirrored(String what, Interval one, Interval two, double tolerance) {
        assertThat(one.low()).as(what).isCloseTo(-two.high(), within(tolerance));
        assertThat(one.high()).as(what).isCloseTo(-two.low(), within(tolerance));
    }

    private static double logLikelihood(ScoreInterval score, double share, double delta) {
        return part(score.first(), share) + part(score.second(), Math.clamp(share - delta, 0, 1));
    }

    private static double part(Proportion p, double share) {
        double events = p.events() == 0 ? 0 : p.events() * StrictMath.log(share);
        return p.events() == p.n() ? events : events + (p.n() - p.events()) * StrictMath.log1p(-share);
    }
}
