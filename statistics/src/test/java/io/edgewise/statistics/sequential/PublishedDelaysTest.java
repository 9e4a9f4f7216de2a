// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The delays that the published tables promise, median and 90 % point, within 25 % (themselves simulated,
/// good to about 10 %). Tests of totals are computed exactly, detectors simulated.
class PublishedDelaysTest {
    private static final long SEED = 20_261_121;

    /// Pairs until a breach of an agreement floor of 0.92 is shown at alpha 0.01 from the start.
    @ParameterizedTest
    @CsvSource({"0.10, 2882, 5363", "0.12, 720, 1434", "0.15, 217, 453", "0.20, 84, 182", "0.30, 24, 64"})
    void breachFromTheStart(double disagreement, int median, int p90) {
        MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1);

        assertNear(new ExactDelay(test, Math.log(100)).quantiles(disagreement, 0.5, 0.9), median, p90);
    }

    /// Requests until "p99 at most tau" is refuted at alpha 0.01.
    @ParameterizedTest
    @CsvSource({"0.02, 1214, 2686", "0.03, 366, 818", "0.05, 105, 264", "0.10, 38, 98"})
    void exceedance(double slow, int median, int p90) {
        assertNear(new ExactDelay(Exceedance.breach(), Math.log(100)).quantiles(slow, 0.5, 0.9), median, p90);
    }

    /// Log-normal latencies (sigma 0.6), slowed by a factor, against tau at exactly 1.4 times the p99.
    @ParameterizedTest
    @CsvSource({"1.6, 2261", "1.8, 417", "2.0, 159", "3.0, 25"})
    void exceedanceOfLogNormalLatencies(double slowed, int median) {
        NormalDistribution normal = new NormalDistribution(null, 0, 1);
        double p99 = normal.inverseCumulativeProbability(0.99);
        double slow = 1 - normal.cumulativeProbability(p99 + Math.log(1.4 / slowed) / 0.6);
        int[] found = new ExactDelay(Exceedance.breach(), Math.log(100)).quantiles(slow, 0.5);

        assertThat(found[0]).isBetween(median * 3 / 4, median * 5 / 4);
    }

    /// Pairs until agreement at or above a floor is shown at alpha 0.05.
    @ParameterizedTest
    @CsvSource({
        "0.08, 0.06, 1036, 2528",
        "0.08, 0.05, 423, 1051",
        "0.08, 0.04, 211, 541",
        "0.08, 0.02, 83, 172",
        "0.10, 0.07, 538, 1382",
        "0.10, 0.05, 168, 455"
    })
    void promotion(double limit, double disagreement, int median, int p90) {
        MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, limit, 0, 1);

        assertNear(new ExactDelay(test, Math.log(20)).quantiles(disagreement, 0.5, 0.9), median, p90);
    }

    /// One pair a block, A = 1e7, after 3,000 pairs of 5 % disagreement. At 0.10 our 90 % point comes
    /// earlier than the published one: its five bets have none for so small an effect.
    @ParameterizedTest
    @CsvSource({"0.10, 5174, 12139", "0.12, 1083, 1816", "0.15, 491, 773", "0.20, 204, 312", "0.30, 77, 111"})
    void lateBreach(double disagreement, int median, int p90) {
        assertLate(400, disagreement, median, p90);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"0.10, 5174, 12139", "0.12, 1083, 1816", "0.15, 491, 773", "0.20, 204, 312", "0.30, 77, 111"})
    void lateBreachOverManyRuns(double disagreement, int median, int p90) {
        assertLate(4000, disagreement, median, p90);
    }

    /// Blocks of 20 observations, floor 0.85: agreement 0.934 needs 41 to 50 devices.
    @Test
    void devicesToSafe() {
        int[] delays = devicesToSafe(1000, 0.934);

        assertThat(delays[500]).isBetween(35, 50);
        assertThat(delays[900]).isLessThanOrEqualTo(50);
    }

    /// 64 devices show a true agreement of 0.92 in nearly all rollouts.
    @Test
    void sixtyFourDevicesAreEnough() {
        MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, 0.15, 0, 1);
        SplittableRandom random = new SplittableRandom(SEED);
        int safe = 0;
        for (int run = 0; run < 2000; run++) {
            DeviceBlocks blocks = DeviceBlocks.empty();
            for (int device = 0; device < 64; device++) {
                blocks = blocks.plus(DeviceBlocks.of(20, disagreements(random, 0.92), 1));
            }
            safe += test.logE(blocks.means(1)) >= Math.log(20) ? 1 : 0;
        }
        assertThat(safe / 2000.0).as("seed %d", SEED).isGreaterThan(0.975);
    }

    private static int[] devicesToSafe(int runs, double agreement) {
        MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, 0.15, 0, 1);
        SplittableRandom random = new SplittableRandom(SEED);
        int[] delays = new int[runs];
        for (int run = 0; run < runs; run++) {
            double[] growth = new double[16];
            while (!test.crosses(growth, Math.log(20))) {
                growth = MeanTest.plus(growth, test.gains(disagreements(random, agreement) / 20.0));
                delays[run]++;
            }
        }
        java.util.Arrays.sort(delays);
        return delays;
    }

    private static int disagreements(SplittableRandom random, double agreement) {
        int disagree = 0;
        for (int i = 0; i < 20; i++) {
            disagree += random.nextDouble() < agreement ? 0 : 1;
        }
        return disagree;
    }

    private static void assertLate(int runs, double disagreement, int median, int p90) {
        MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1);
        int[] delays = new Simulation(test, 1).delays(SEED, runs, 3000, 0.05, disagreement, 1e7);

        assertThat(delays[runs / 2]).as("seed %d", SEED).isBetween(median * 3 / 4, median * 5 / 4);
        assertThat(delays[runs * 9 / 10]).as("seed %d", SEED).isLessThanOrEqualTo(p90 * 5 / 4);
    }

    private static void assertNear(int[] found, int median, int p90) {
        assertThat(found[0]).isBetween(median * 3 / 4, median * 5 / 4);
        assertThat(found[1]).isBetween(p90 * 3 / 4, p90 * 5 / 4);
    }
}
