// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class TwoSampleQuantileTest {
    private static final TwoSampleQuantile MEDIAN = new TwoSampleQuantile(0.5, 0.05, 300);

    /// Latencies with ties, so that counts below and up to a value differ.
    private static double[] latencies(SplittableRandom random, int n, double factor) {
        return DoubleStream.generate(() -> Math.rint(factor * 100 * Math.exp(0.6 * random.nextGaussian())))
                .limit(n)
                .toArray();
    }

    private static double[] negated(double[] x) {
        return Arrays.stream(x).map(v -> -v).toArray();
    }

    private static long below(double[] x, double at) {
        return Arrays.stream(x).filter(v -> v < at).count();
    }

    private static long upTo(double[] x, double at) {
        return Arrays.stream(x).filter(v -> v <= at).count();
    }

    @Test
    void isTheSmallestProductOverAllValues() {
        for (long seed = 1; seed <= 10; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] x = latencies(random, 80, 1);
            double[] y = latencies(random, 60, 1.5);
            BetaBinomialMixture both = BetaBinomialMixture.best(75, 0.05, 0.5, 0.5, false);
            BetaBinomialMixture one = BetaBinomialMixture.best(75, 0.05, 0.5, 0.5, true);
            double differ = Double.POSITIVE_INFINITY;
            double slower = Double.POSITIVE_INFINITY;
            for (double at = -0.5; at < 2000; at += 0.5) {
                differ = Math.min(differ, weakest(both, x, at) + weakest(both, y, at));
                long fewer = y.length - upTo(y, at);
                slower = Math.min(
                        slower,
                        one.logOfCounts((double) below(x, at), (double) (x.length - below(x, at)))
                                + one.logOfCounts((double) fewer, (double) (y.length - fewer)));
            }

            assertThat(MEDIAN.logEDiffer(x, y)).as("seed %d", seed).isCloseTo(differ, within(1e-6));
            assertThat(MEDIAN.logESlower(x, y, 1)).as("seed %d", seed).isCloseTo(slower, within(1e-9));
        }
    }

    private static double weakest(BetaBinomialMixture mixture, double[] x, double at) {
        double half = x.length / 2.0;
        double k = Math.clamp(half, (double) below(x, at), (double) upTo(x, at));
        return mixture.logOfCounts(k, x.length - k);
    }

    @Test
    void mirrorsWhenArmsOrValuesAreTurnedRound() {
        for (long seed = 1; seed <= 10; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] x = latencies(random, 120, 1);
            double[] y = latencies(random, 100, 1.3);
            TwoSampleQuantile high = new TwoSampleQuantile(0.9, 0.05, 300);
            TwoSampleQuantile low = new TwoSampleQuantile(0.1, 0.05, 300);

            assertThat(high.logEDiffer(x, y)).as("seed %d", seed).isCloseTo(high.logEDiffer(y, x), within(1e-9));
            assertThat(high.logEDiffer(x, y)).isCloseTo(low.logEDiffer(negated(x), negated(y)), within(1e-6));
            assertThat(high.logESlower(x, y, 1))
                    .as("seed %d", seed)
                    .isCloseTo(low.logESlower(negated(y), negated(x), 1), within(1e-9));
        }
    }

    @Test
    void findsASlowChallengerAndNotAMerelyPermittedOne() {
        SplittableRandom random = new SplittableRandom(77);
        double[] champion = latencies(random, 3000, 1);
        TwoSampleQuantile p99 = new TwoSampleQuantile(0.99, 0.01, 3000);

        assertThat(p99.logESlower(champion, latencies(random, 3000, 3), 1.4)).isGreaterThan(Math.log(100));
        assertThat(p99.logESlower(champion, latencies(random, 3000, 1.2), 1.4)).isLessThan(0);
        assertThat(p99.logESlower(champion, latencies(random, 3000, 0.5), 1.4)).isLessThan(0);
        assertThat(p99.logEDiffer(champion, latencies(random, 3000, 3))).isGreaterThan(Math.log(100));
        assertThat(p99.logEDiffer(champion, latencies(random, 3000, 0.3))).isGreaterThan(Math.log(100));
    }

    @Test
    void provesNothingWithoutData() {
        double[] none = new double[0];
        double[] some = {1, 2, 3, 4};

        assertThat(MEDIAN.logEDiffer(none, none)).isZero();
        assertThat(MEDIAN.logESlower(none, none, 1.4)).isZero();
        assertThat(MEDIAN.logEDiffer(none, some)).isLessThanOrEqualTo(0);
        assertThat(MEDIAN.logESlower(none, some, 1)).isLessThanOrEqualTo(0);
        assertThat(MEDIAN.logESlower(some, none, 1)).isLessThanOrEqualTo(0);
        assertThat(MEDIAN.logEDiffer(some, some)).isLessThanOrEqualTo(0);
    }

    @Test
    void takesRequestsThatNeverEnd() {
        double[] never = new double[200];
        Arrays.fill(never, Double.POSITIVE_INFINITY);
        double[] fast = new double[200];
        Arrays.fill(fast, 10);

        assertThat(MEDIAN.logESlower(fast, never, 1.4)).isGreaterThan(10);
        assertThat(MEDIAN.logESlower(never, fast, 1.4)).isLessThan(0);
        assertThat(MEDIAN.logEDiffer(never, never)).isLessThan(0);
    }

    @Test
    void refusesMissingValues() {
        double[] bad = {1, Double.NaN};

        assertThatThrownBy(() -> MEDIAN.logEDiffer(bad, bad)).hasMessageContaining("position 1");
        assertThatThrownBy(() -> MEDIAN.logESlower(bad, bad, 0)).hasMessageContaining("factor 0.0");
        assertThatThrownBy(() -> new TwoSampleQuantile(0, 0.05, 1)).hasMessageContaining("quantile 0.0");
    }
}
