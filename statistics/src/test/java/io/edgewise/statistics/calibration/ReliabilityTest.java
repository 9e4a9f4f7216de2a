// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReliabilityTest {
    /// Left out: 07, 09, 14, 17 and 18 have another number of bins; 20 to 22 are multiclass matrices.
    static List<Case> fifteenBins() {
        return Reference.cases(
                "calibration.json",
                c -> c.input().has("confidence") && c.input().get("bins").asInt() == 15);
    }

    @ParameterizedTest
    @MethodSource("fifteenBins")
    void equalsTheReference(Case reference) {
        Reliability reliability = count(
                Reference.sample(reference.input().get("confidence")),
                Reference.sample(reference.input().get("correct")));

        assertThat(reliability.n())
                .containsExactly(Reference.counts(reference.expected().get("bin_count")));
        assertThat(reliability.confidenceSum())
                .containsExactly(Reference.sample(reference.expected().get("bin_sum_confidence")), within(1e-9));
        assertThat(reliability.ece())
                .isCloseTo(reference.expected().get("ece_equal_width").asDouble(), within(1e-12));
        assertThat(reliability.total()).isEqualTo(reference.expected().get("n").asLong());
    }

    @Test
    void fourteenCasesApply() {
        assertThat(fifteenBins()).hasSize(14);
    }

    @Test
    void binsAreOpenBelowAndClosedAbove() {
        assertThat(Reliability.bin(0)).isZero();
        assertThat(Reliability.bin(1)).isEqualTo(14);
        for (int k = 1; k < 15; k++) {
            assertThat(Reliability.bin(k / 15.0)).isEqualTo(k - 1);
            assertThat(Reliability.bin(Math.nextUp(k / 15.0))).isEqualTo(k);
        }
        assertThatThrownBy(() -> Reliability.bin(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Reliability.bin(1.01)).hasMessageContaining("[0, 1]");
    }

    @Test
    void mergesInAnyOrder() {
        SplittableRandom random = new SplittableRandom(3);
        double[] confidence =
                random.doubles(1000).map(c -> Math.rint(c * 1024) / 1024).toArray();
        double[] correct = Arrays.stream(confidence)
                .map(c -> random.nextDouble() < c ? 1 : 0)
                .toArray();
        Reliability whole = count(confidence, correct);
        Reliability first = count(Arrays.copyOf(confidence, 400), Arrays.copyOf(correct, 400));
        Reliability last = count(Arrays.copyOfRange(confidence, 400, 1000), Arrays.copyOfRange(correct, 400, 1000));

        assertThat(first.plus(last))
                .isEqualTo(whole)
                .isEqualTo(last.plus(first))
                .hasSameHashCodeAs(whole);
        assertThat(whole.plus(Reliability.empty())).isEqualTo(whole);
        assertThat(whole.toString()).startsWith("Reliability[n=");
    }

    /// Sums of doubles depend on their order; these do not.
    @Test
    void mergesArbitraryConfidencesExactly() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Reliability> parts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                parts.add(Reliability.of(random.nextDouble(), random.nextBoolean()));
            }
            Reliability forth = parts.stream().reduce(Reliability.empty(), Reliability::plus);
            Collections.reverse(parts);
            Reliability back = parts.stream().reduce(Reliability.empty(), Reliability::plus);
            Reliability pairs = Reliability.empty();
            for (int i = 0; i < 200; i += 2) {
                pairs = pairs.plus(parts.get(i + 1).plus(parts.get(i)));
            }
            assertThat(forth)
                    .as("seed %d", seed)
                    .isEqualTo(back)
                    .isEqualTo(pairs)
                    .hasSameHashCodeAs(pairs);
            assertThat(forth.confidenceSum()).as("seed %d", seed).isEqualTo(back.confidenceSum());
            assertThat(new Reliability(forth.n(), forth.correct(), forth.confidenceSum()).ece())
                    .isCloseTo(forth.ece(), within(1e-15));
        }
    }

    @Test
    void keepsLargeSums() {
        long[] n = new long[15];
        double[] sums = new double[15];
        n[14] = 1L << 60;
        sums[14] = 0x1p60 - 0x1p54;
        Reliability large = new Reliability(n, new long[15], sums);

        assertThat(large.confidenceSum()).isEqualTo(sums);
        assertThat(large.plus(Reliability.of(1, true)).total()).isEqualTo((1L << 60) + 1);
        n[14] = Long.MAX_VALUE;
        sums[14] = 0x1p62;
        assertThatThrownBy(() -> new Reliability(n, new long[15], sums)).hasMessageContaining("bin 14");
    }

    @Test
    void tellsOverconfidenceFromUnderconfidence() {
        Reliability sure = count(new double[] {0.9, 0.9}, new double[] {1, 0});

        assertThat(sure.accuracy()).isEqualTo(0.5);
        assertThat(sure.gap()).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void noDataIsNotGoodCalibration() {
        assertThat(Reliability.empty().ece()).isNaN();
        assertThat(Reliability.empty().gap()).isNaN();
        assertThat(Reliability.empty().accuracy()).isNaN();
    }

    @Test
    void refusesImpossibleCounts() {
        long[] one = new long[15];
        one[3] = 1;
        assertThatThrownBy(() -> new Reliability(new long[15], one, new double[15]))
                .hasMessageContaining("bin 3");
        assertThatThrownBy(() -> new Reliability(new long[14], one, new double[15]))
                .hasMessageContaining("there are 15");
        double[] nan = new double[15];
        nan[0] = Double.NaN;
        assertThatThrownBy(() -> new Reliability(one, one, nan)).hasMessageContaining("bin 0");
    }

    /// Sums of another bin, or of no answers, would give any ECE.
    @Test
    void refusesSumsThatNoCountingGives() {
        long[] n = new long[15];
        double[] sums = new double[15];
        n[14] = 1_000;
        sums[14] = 500;
        assertThatThrownBy(() -> new Reliability(n, n, sums))
                .hasMessageContaining("bin 14 holds 1000 confidences")
                .hasMessageContaining("500.0");
        sums[14] = 1_000.1;
        assertThatThrownBy(() -> new Reliability(n, n, sums)).hasMessageContaining("bin 14");
        sums[14] = 1_000;
        sums[3] = 700;
        assertThatThrownBy(() -> new Reliability(n, n, sums)).hasMessageContaining("bin 3 holds 0");
        sums[3] = 0;
        assertThat(new Reliability(n, n, sums).ece()).isZero();
    }

    /// Confidences counted as whole 1e-9 after their bin was chosen, at and around every bound.
    @Test
    void takesSumsThatWereRoundedToNanos() {
        for (int k = 0; k <= 15; k++) {
            double bound = (double) k / 15;
            for (double confidence :
                    new double[] {bound, Math.nextUp(bound), Math.nextDown(bound), bound + 4.9e-10, bound - 4.9e-10}) {
                double clipped = Math.clamp(confidence, 0.0, 1.0);
                for (long times : new long[] {1, 3, 1_000, 1_000_000_000L}) {
                    long[] n = new long[15];
                    double[] sums = new double[15];
                    int bin = Reliability.bin(clipped);
                    n[bin] = times;
                    sums[bin] = times * Math.round(clipped * 1e9) / 1e9;

                    assertThat(new Reliability(n, new long[15], sums).total()).isEqualTo(times);
                }
            }
        }
    }

    private static Reliability count(double[] confidence, double[] correct) {
        long[] n = new long[15];
        long[] right = new long[15];
        double[] sums = new double[15];
        for (int i = 0; i < confidence.length; i++) {
            int bin = Reliability.bin(confidence[i]);
            n[bin]++;
            right[bin] += (long) correct[i];
            sums[bin] += confidence[i];
        }
        return new Reliability(n, right, sums);
    }
}
