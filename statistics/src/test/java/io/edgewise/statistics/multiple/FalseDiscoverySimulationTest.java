// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.statistics.proportion.StandardNormal;
import io.edgewise.statistics.reference.Limits;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What is promised about false rejections, on simulated tests with fixed seeds. Rates of any false
/// rejection are held against the exact binomial 99 % limit, mean shares of false ones against 2.58
/// standard errors.
class FalseDiscoverySimulationTest {
    private static final long SEED = 20_261_121;
    private static final int TESTS = 20;
    private static final double ALPHA = 0.1;

    /// Bets of about the size that 1/alpha_t needs.
    private static final double BET = 2;

    @ParameterizedTest
    @EnumSource(Adjustment.class)
    void rarelyRejectsWhereAllHypothesesHold(Adjustment adjustment) {
        assertFamilyWise(adjustment, 2000, 0);
        assertFamilyWise(adjustment, 2000, 0.5);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Adjustment.class)
    void rarelyRejectsWhereAllHypothesesHoldInManyRuns(Adjustment adjustment) {
        assertFamilyWise(adjustment, 50_000, 0);
        assertFamilyWise(adjustment, 50_000, 0.5);
        assertFamilyWise(adjustment, 50_000, 0.95);
    }

    /// Fifteen of twenty hypotheses hold; e-values are likelihood ratios of correlated normal values.
    @ParameterizedTest
    @CsvSource({"0, 3000", "0.5, 3000", "0.95, 3000"})
    void sharesOfFalseDiscoveriesStayBelowAlpha(double correlation, int runs) {
        assertFalseDiscoveries(correlation, runs);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"0, 100000", "0.5, 100000", "0.95, 100000"})
    void sharesOfFalseDiscoveriesStayBelowAlphaInManyRuns(double correlation, int runs) {
        assertFalseDiscoveries(correlation, runs);
    }

    /// The worst there is: with probability alpha all e-values are 1/alpha at once, else all are 0. Every
    /// promise is used up exactly.
    @ParameterizedTest
    @CsvSource({"20000"})
    void worstDependenceUsesUpAlphaAndNoMore(int runs) {
        SplittableRandom random = new SplittableRandom(SEED);
        int rejected = 0;
        int globally = 0;
        double[] logE = new double[TESTS];
        for (int run = 0; run < runs; run++) {
            Arrays.fill(logE, random.nextDouble() < ALPHA ? Math.log(1 / ALPHA) : Double.NEGATIVE_INFINITY);
            rejected += any(EValues.benjaminiHochberg(logE, ALPHA));
            globally += EValues.logMean(logE) >= -Math.log(ALPHA) - 1e-12 ? 1 : 0;
        }
        assertThat(rejected).as("seed %d", SEED).isBetween((int) (0.9 * ALPHA * runs), Limits.mostOf(runs, ALPHA));
        assertThat(globally).as("seed %d", SEED).isEqualTo(rejected);
    }

    private static void assertFamilyWise(Adjustment adjustment, int runs, double correlation) {
        SplittableRandom random = new SplittableRandom(SEED);
        int rejected = 0;
        double[] p = new double[TESTS];
        for (int run = 0; run < runs; run++) {
            double shared = random.nextGaussian();
            for (int i = 0; i < TESTS; i++) {
                p[i] = StandardNormal.above(mixed(random, shared, correlation));
            }
            rejected += any(adjustment.rejected(p, ALPHA));
        }
        assertThat(rejected)
                .as("%s, correlation %s, seed %d", adjustment, correlation, SEED)
                .isLessThanOrEqualTo(Limits.mostOf(runs, ALPHA));
    }

    private static void assertFalseDiscoveries(double correlation, int runs) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] batch = new double[2];
        double[] online = new double[2];
        int globally = 0;
        int weighted = 0;
        double[] equal = new double[TESTS];
        Arrays.fill(equal, 1.0 / TESTS);
        for (int run = 0; run < runs; run++) {
            double[] logE = new double[TESTS];
            double[] held = new double[TESTS];
            double shared = random.nextGaussian();
            for (int i = 0; i < TESTS; i++) {
                held[i] = BET * mixed(random, shared, correlation) - BET * BET / 2;
                logE[i] = held[i] + (i % 4 == 0 ? BET * 3 : 0);
            }
            add(batch, falseShare(EValues.benjaminiHochberg(logE, ALPHA)));
            add(online, falseShare(lond(logE)));
            globally += EValues.logMean(held) >= -Math.log(ALPHA) ? 1 : 0;
            weighted += any(EValues.weightedBonferroni(held, equal, ALPHA));
        }
        assertMean("e-BH", batch, runs);
        assertMean("e-LOND", online, runs);
        assertThat(globally).as("mean, seed %d", SEED).isLessThanOrEqualTo(Limits.mostOf(runs, ALPHA));
        assertThat(weighted).as("Bonferroni, seed %d", SEED).isLessThanOrEqualTo(Limits.mostOf(runs, ALPHA));
    }

    private static boolean[] lond(double[] logE) {
        boolean[] rejected = new boolean[logE.length];
        ELond state = ELond.start(ALPHA);
        for (int i = 0; i < logE.length; i++) {
            rejected[i] = state.rejects(logE[i]);
            state = state.after(logE[i]);
        }
        return rejected;
    }

    private static double mixed(SplittableRandom random, double shared, double correlation) {
        return Math.sqrt(correlation) * shared + Math.sqrt(1 - correlation) * random.nextGaussian();
    }

    private static int any(boolean[] rejected) {
        for (boolean one : rejected) {
            if (one) {
                return 1;
            }
        }
        return 0;
    }

    private static double falseShare(boolean[] rejected) {
        int all = 0;
        int wrong = 0;
        for (int i = 0; i < rejected.length; i++) {
            all += rejected[i] ? 1 : 0;
            wrong += rejected[i] && i % 4 != 0 ? 1 : 0;
        }
        return all == 0 ? 0 : (double) wrong / all;
    }

    private static void add(double[] sums, double value) {
        sums[0] += value;
        sums[1] += value * value;
    }

    private static void assertMean(String what, double[] sums, int runs) {
        double mean = sums[0] / runs;
        double error = Math.sqrt(Math.max(0, sums[1] / runs - mean * mean) / runs);
        assertThat(mean - 2.58 * error).as("%s, seed %d", what, SEED).isLessThanOrEqualTo(ALPHA);
        assertThat(mean)
                .as("%s, seed %d: the simulation has false discoveries", what, SEED)
                .isPositive();
    }
}
