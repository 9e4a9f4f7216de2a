// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Traffic split, exposure shares, and the comparison with the mSPRT.
class SampleRatioTest {
    private static final double[] THETA = {0.4, 0.4, 0.2};

    /// The steps of the fixture of Optimizely's ssrm.
    @Test
    void equalsThePublishedSteps() {
        long[][] steps = {{20, 17, 9}, {18, 21, 8}, {4, 6, 4}, {18, 19, 11}};
        double[] expected = {-2.950561, -3.681901, -3.860658, -4.183814};
        long[] counts = new long[3];
        for (int step = 0; step < steps.length; step++) {
            for (int arm = 0; arm < counts.length; arm++) {
                counts[arm] += steps[step][arm];
            }
            assertThat(SampleRatio.logE(counts, THETA, new double[] {1, 1, 1}))
                    .as("step %d", step)
                    .isCloseTo(expected[step], within(5e-7));
        }
    }

    @Test
    void doesNotDependOnTheOrderOfArms() {
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 100; i++) {
            long a = random.nextLong(1_000_000_000);
            long b = random.nextLong(1_000_000_000);
            long c = random.nextLong(1_000_000_000);
            double there = SampleRatio.logE(new long[] {a, b, c}, new double[] {0.5, 0.3, 0.2}, 100);
            double back = SampleRatio.logE(new long[] {c, a, b}, new double[] {0.2, 0.5, 0.3}, 100);

            assertThat(back).as("seed 12").isCloseTo(there, within(1e-9 * Math.max(1, Math.abs(there))));
        }
    }

    @Test
    void growsWithTheMismatchOnly() {
        double[] half = {0.5, 0.5};

        assertThat(SampleRatio.logE(new long[] {500_000_000, 500_000_000}, half, 100))
                .isNegative();
        assertThat(SampleRatio.logE(new long[] {500_200_000, 499_800_000}, half, 100))
                .isGreaterThan(50);
        assertThat(SampleRatio.logE(new long[] {821_588, 815_482}, half, 100))
                .isCloseTo(6.532367670619091, within(1e-9));
        assertThat(SampleRatio.logE(new long[] {0, 0}, half, 100)).isZero();
    }

    @Test
    void refusesWhatIsNoPlan() {
        assertThatThrownBy(() -> SampleRatio.logE(new long[] {1}, new double[] {1}, 1))
                .hasMessageContaining("two arms");
        assertThatThrownBy(() -> SampleRatio.logE(new long[] {1, 1}, THETA, 1)).hasMessageContaining("2 counts");
        assertThatThrownBy(() -> SampleRatio.logE(new long[] {1, 1}, new double[] {0.5, 0.4}, 1))
                .hasMessageContaining("add up");
        assertThatThrownBy(() -> SampleRatio.logE(new long[] {1, -1}, new double[] {0.5, 0.5}, 1))
                .hasMessageContaining("arm 1");
        assertThatThrownBy(() -> SampleRatio.logE(new long[] {1, 1}, new double[] {0, 1}, new double[] {1, 1}))
                .hasMessageContaining("arm 0");
        assertThatThrownBy(() -> SampleRatio.logE(new long[] {1, 1}, new double[] {0.5, 0.5}, Double.NaN))
                .hasMessageContaining("concentration NaN");
    }

    @Test
    void exposureShareComparesRatesAndMirrors() {
        ExposureShare tenth = new ExposureShare(0.1);

        assertThat(tenth.logEMore(900, 300)).isEqualTo(TruncatedBeta.logE(300, 1200, 0.1, 1, 1));
        assertThat(tenth.logEMore(900, 300)).isGreaterThan(Math.log(100));
        assertThat(tenth.logEMore(900, 100)).isNegative();
        assertThat(tenth.logEFewer(900, 10)).isGreaterThan(Math.log(100));
        assertThat(tenth.logEMore(0, 0)).isZero();
        assertThat(tenth.logEFewer(900, 300)).isEqualTo(new ExposureShare(0.9).logEMore(300, 900));
        assertThatThrownBy(() -> new ExposureShare(1)).hasMessageContaining("1.0");
        assertThatThrownBy(() -> tenth.logEMore(-1, 2)).hasMessageContaining("-1");
    }

    @Test
    void msprtEqualsThePublishedNumbers() {
        Msprt test = new Msprt(1, 0.01, 0);

        assertThat(Math.exp(test.logLikelihoodRatio(1000, 0.1))).isCloseTo(28.403345, within(5e-7));
        assertThat(test.pValue(1000, 0.1)).isCloseTo(0.0352071, within(5e-8));
        assertThat(test.logLikelihoodRatio(1000, -0.1)).isEqualTo(test.logLikelihoodRatio(1000, 0.1));
        assertThat(test.pValue(1000, 0)).isOne();
        assertThat(test.logLikelihoodRatio(0, Double.NaN)).isZero();
        assertThatThrownBy(() -> test.pValue(-1, 0)).hasMessageContaining("n -1");
        assertThatThrownBy(() -> test.pValue(1, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Msprt(0, 1, 0)).hasMessageContaining("variance 0.0");
    }
}
