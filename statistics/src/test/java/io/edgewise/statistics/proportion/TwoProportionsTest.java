// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatIsTooManyForTheExactTestIsSaid() {
        Proportion many = new Proportion(1, 2_000_000_000);
        assertThatThrownBy(() -> new TwoProportions(many, many).pFisher())
                .hasMessageStartingWith("TwoProportions: 2000000000 and 2000000000 observations");
        assertThatThrownBy(() -> new TwoProportions(new Proportion(1, 1L << 40), many).pFisher())
                .isInstanceOf(IllegalArgumentException.class);
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
