// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is promised about false alarms, on simulated streams with fixed seeds: exact binomial 99 % limits.
class FalseAlarmSimulationTest {
    private static final long SEED = 20_261_121;

    @ParameterizedTest
    @CsvSource({
        "BREACH, ABOVE, 0.08, 0.05",
        "SAFE, BELOW, 0.08, 0.05",
        "BREACH, ABOVE, 0.01, 0.05",
        "SAFE, BELOW, 0.01, 0.05",
        "BREACH, ABOVE, 0.5, 0.05"
    })
    void rarelyDecidesFalselyAtTheLimit(Purpose purpose, Side side, double limit, double alpha) {
        assertFewCrossings(new MeanTest(purpose, side, limit, 0, 1), alpha, 300, 200, b -> limit);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "BREACH, ABOVE, 0.08, 0.05",
        "BREACH, ABOVE, 0.08, 0.01",
        "SAFE, ABOVE, 0.08, 0.05",
        "SAFE, BELOW, 0.08, 0.05",
        "BREACH, ABOVE, 0.01, 0.01",
        "SAFE, BELOW, 0.01, 0.05",
        "BREACH, BELOW, 0.3, 0.01",
        "SAFE, ABOVE, 0.3, 0.05",
        "BREACH, ABOVE, 0.5, 0.05",
        "SAFE, BELOW, 0.5, 0.01"
    })
    void rarelyDecidesFalselyInTwentyThousandSteps(Purpose purpose, Side side, double limit, double alpha) {
        assertFewCrossings(new MeanTest(purpose, side, limit, 0, 1), alpha, 2000, 2000, b -> limit);
    }

    /// The mean may move inside the hypothesis and back: evidence is against "never beyond", not against a
    /// constant.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"BREACH, ABOVE, 0.08, 0.05", "SAFE, BELOW, 0.92, 0.05", "SAFE, BELOW, 0.08, 0.05"})
    void rarelyDecidesFalselyWhereTheMeanMovesWithinTheHypothesis(
            Purpose purpose, Side side, double limit, double alpha) {
        double inside = side == Side.ABOVE ? limit / 2 : (1 + limit) / 2;
        assertFewCrossings(
                new MeanTest(purpose, side, limit, 0, 1), alpha, 2000, 2000, b -> b / 50 % 2 == 0 ? limit : inside);
    }

    /// Three-valued differences and half wins at their limits, one look an observation.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "BREACH, ABOVE, 0.05, -1, 0.04, 0.09",
        "SAFE, BELOW, 0.05, -1, 0.04, 0.09",
        "BREACH, BELOW, 0.3, 0, 0.6, 0.2",
        "SAFE, ABOVE, 0.3, 0, 0.6, 0.2"
    })
    void rarelyDecidesFalselyOnThreeValues(
            Purpose purpose, Side side, double limit, double low, double ofLow, double ofHigh) {
        MeanTest test = new MeanTest(purpose, side, limit, low, 1);
        double[][] gains = {test.gains(low), test.gains((low + 1) / 2), test.gains(1)};
        SplittableRandom random = new SplittableRandom(SEED);
        int crossed = 0;
        for (int run = 0; run < 2000; run++) {
            double[] growth = new double[16];
            boolean reached = false;
            for (int n = 0; n < 5000 && !reached; n++) {
                double u = random.nextDouble();
                growth = MeanTest.plus(growth, gains[u < ofLow ? 0 : u < 1 - ofHigh ? 1 : 2]);
                reached = test.crosses(growth, Math.log(20));
            }
            crossed += reached ? 1 : 0;
        }
        assertThat(crossed).as("seed %d", SEED).isLessThanOrEqualTo(Simulation.mostFalseAlarms(2000, 0.05));
    }

    /// Traffic goes from 1 to 10 to 100 %, back and forth by whatever the evidence says so far, which is
    /// the worst that a rollout could do: the amount is chosen before it is observed, so the promise
    /// stands.
    @ParameterizedTest
    @CsvSource({"BREACH, ABOVE, 0.08", "SAFE, BELOW, 0.08"})
    void trafficMayFollowTheEvidence(Purpose purpose, Side side, double limit) {
        assertFewCrossingsWhereTrafficFollows(new MeanTest(purpose, side, limit, 0, 1), 300, 100);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"BREACH, ABOVE, 0.08", "SAFE, BELOW, 0.08", "BREACH, ABOVE, 0.01", "SAFE, BELOW, 0.01"})
    void trafficMayFollowTheEvidenceForLong(Purpose purpose, Side side, double limit) {
        assertFewCrossingsWhereTrafficFollows(new MeanTest(purpose, side, limit, 0, 1), 2000, 500);
    }

    @ParameterizedTest
    @CsvSource({"ABOVE, 0.08, 500, 5000", "BELOW, 0.5, 500, 5000"})
    void detectorRarelyAlarmsFalsely(Side side, double limit, int blocks, double threshold) {
        assertFewAlarms(side, limit, 300, blocks, threshold, b -> limit);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "ABOVE, 0.08, 2000, 20000",
        "ABOVE, 0.08, 2000, 200000",
        "ABOVE, 0.01, 2000, 20000",
        "BELOW, 0.3, 2000, 20000",
        "BELOW, 0.92, 2000, 20000"
    })
    void detectorRarelyAlarmsFalselyOverLongHorizons(Side side, double limit, int blocks, double threshold) {
        assertFewAlarms(side, limit, 2000, blocks, threshold, b -> limit);
    }

    /// Published at the null over 20,000 steps of one observation: A = 2e5 gives 6.2 % where 10 % are
    /// allowed.
    @Tag("slow")
    @Test
    void detectorKeepsItsPromiseOverTwentyThousandSingleSteps() {
        Simulation simulation = new Simulation(new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1), 1);

        int alarmed = simulation.alarms(SEED, 2000, 20_000, b -> 0.08, 2e5);

        assertThat(alarmed).as("seed %d", SEED).isBetween(40, Simulation.mostFalseAlarms(2000, 0.1));
    }

    @Tag("slow")
    @Test
    void detectorRarelyAlarmsFalselyWhereTheMeanMovesWithinTheHypothesis() {
        assertFewAlarms(Side.ABOVE, 0.08, 2000, 2000, 20_000, b -> b / 50 % 2 == 0 ? 0.08 : 0.04);
    }

    private static void assertFewCrossings(
            MeanTest test, double alpha, int runs, int blocks, IntToDoubleFunction share) {
        int crossed = new Simulation(test, 10).crossings(SEED, runs, blocks, share, 1 / alpha);

        assertThat(crossed).as("seed %d", SEED).isLessThanOrEqualTo(Simulation.mostFalseAlarms(runs, alpha));
    }

    private static void assertFewAlarms(
            Side side, double limit, int runs, int blocks, double threshold, IntToDoubleFunction share) {
        Simulation simulation = new Simulation(new MeanTest(Purpose.BREACH, side, limit, 0, 1), 10);

        int alarmed = simulation.alarms(SEED, runs, blocks, share, threshold);

        assertThat(alarmed)
                .as("seed %d", SEED)
                .isLessThanOrEqualTo(Simulation.mostFalseAlarms(runs, blocks / threshold));
    }

    private static void assertFewCrossingsWhereTrafficFollows(MeanTest test, int runs, int blocks) {
        double[][] gains = {test.gains(0), test.gains(1)};
        SplittableRandom random = new SplittableRandom(SEED);
        int crossed = 0;
        for (int run = 0; run < runs; run++) {
            double[] growth = new double[16];
            boolean reached = false;
            for (int block = 0; block < blocks && !reached; block++) {
                int traffic = test.crosses(growth, 1) ? 100 : test.crosses(growth, -1) ? 10 : 1;
                for (int i = 0; i < traffic; i++) {
                    growth = MeanTest.plus(growth, gains[random.nextDouble() < test.limit() ? 1 : 0]);
                }
                reached = test.crosses(growth, Math.log(20));
            }
            crossed += reached ? 1 : 0;
        }
        assertThat(crossed).as("seed %d", SEED).isLessThanOrEqualTo(Simulation.mostFalseAlarms(runs, 0.05));
    }
}
