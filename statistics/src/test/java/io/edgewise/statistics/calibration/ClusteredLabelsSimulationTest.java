// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.statistics.sequential.Detector;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Labels of one device resemble each other: confidence 0.9, right in 85 % of the fleet's answers (an ECE at the
/// limit), each device with a share of its own (beta, so its labels are a Pólya urn).
class ClusteredLabelsSimulationTest {
    private static final long SEED = 20_261_121;
    private static final double RIGHT = 0.85;
    private static final int BLOCKS = 100;
    private static final int PER_BLOCK = 20;
    private static final OneLook LOOK = OneLook.first(0.05, 0.05);
    private static final BinEvidence EVIDENCE = new BinEvidence(0.05);
    private static final double LOG_A = Math.log(BLOCKS / 0.05);

    @Test
    void theFirstLabelOfEachDeviceKeepsTheLevelOfTheLook() {
        assertThat(falselySafe(400, 1_000, 0.1)).isLessThanOrEqualTo(Models.most(400, LOOK.level()));
    }

    /// One label of each of 1,000 devices against 20 of each of 50: 3.04 % are promised, 4.1 / 7.3 / 12.0 % measured.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"0.02, 0.035", "0.05, 0.065", "0.10, 0.11"})
    void oneLabelOfEachDeviceKeepsTheLevelOfTheLookAndManyDoNot(double correlation, double many) {
        int runs = 10_000;
        int first = falselySafe(runs, 1_000, correlation);
        int all = falselySafe(runs, 50, correlation);
        System.out.println("look, correlation " + correlation + ": first labels " + first + ", all labels " + all
                + " of " + runs + " falsely SAFE");

        assertThat(first).as("seed %d", SEED).isLessThanOrEqualTo(Models.most(runs, LOOK.level()));
        assertThat(all).as("seed %d", SEED).isGreaterThan((int) (runs * many));
    }

    /// 2,000 labels in 100 blocks, looked at after each block; 5 % are promised.
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"0.02", "0.05", "0.10"})
    void oneLabelOfEachDeviceKeepsThePromiseOfTheDetector(double correlation) {
        int runs = 2_000;
        int first = alarms(runs, BLOCKS * PER_BLOCK, correlation);
        int all = alarms(runs, 50, correlation);
        System.out.println("detector, correlation " + correlation + ": first labels " + first + ", all labels " + all
                + " of " + runs + " falsely alarm");

        assertThat(first).as("seed %d", SEED).isLessThanOrEqualTo(Models.most(runs, 0.05));
        assertThat(all).as("seed %d", SEED).isGreaterThan(first);
    }

    private static int falselySafe(int runs, int devices, double correlation) {
        SplittableRandom random = new SplittableRandom(SEED);
        int safe = 0;
        for (int run = 0; run < runs; run++) {
            Fleet fleet = new Fleet(random, devices, correlation);
            int right = 0;
            for (int i = 0; i < 1_000; i++) {
                right += fleet.next() ? 1 : 0;
            }
            safe += LOOK.passes(labels(1_000, right).bins()) ? 1 : 0;
        }
        return safe;
    }

    private static int alarms(int runs, int devices, double correlation) {
        double[][] growth = new double[PER_BLOCK + 1][];
        for (int right = 0; right <= PER_BLOCK; right++) {
            growth[right] = EVIDENCE.growth(labels(PER_BLOCK, right));
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            Fleet fleet = new Fleet(random, devices, correlation);
            Detector detector = EVIDENCE.start();
            boolean alarmed = false;
            for (int block = 0; block < BLOCKS && !alarmed; block++) {
                int right = 0;
                for (int i = 0; i < PER_BLOCK; i++) {
                    right += fleet.next() ? 1 : 0;
                }
                detector = detector.next(growth[right]);
                alarmed = detector.crosses(LOG_A);
            }
            alarms += alarmed ? 1 : 0;
        }
        return alarms;
    }

    /// Labels of the devices in turn; as many devices as labels is one label each.
    private static final class Fleet {
        private final SplittableRandom random;
        private final int[] seen;
        private final int[] right;
        private final double total;
        private int turn;

        Fleet(SplittableRandom random, int devices, double correlation) {
            this.random = random;
            seen = new int[devices];
            right = new int[devices];
            total = (1 - correlation) / correlation;
        }

        boolean next() {
            int device = turn++ % seen.length;
            boolean correct = random.nextDouble() * (total + seen[device]) < RIGHT * total + right[device];
            seen[device]++;
            right[device] += correct ? 1 : 0;
            return correct;
        }
    }

    private static Reliability labels(long n, long right) {
        long[] counts = new long[15];
        long[] rights = new long[15];
        double[] sums = new double[15];
        counts[13] = n;
        rights[13] = right;
        sums[13] = 0.9 * n;
        return new Reliability(counts, rights, sums);
    }
}
