// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.ValueGrid;
import io.edgewise.statistics.reference.Counting;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What holds for any counts and samples.
class DriftPropertyTest {
    private static final long SEED = 20_261_122;

    @Test
    void distancesOfCountsAreSymmetricInRangeAndIgnoreLabels() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 500; i++) {
            long[] a = counts(random, random.nextInt(2, 20));
            long[] b = counts(random, a.length);
            int[] order = shuffled(random, a.length);
            double[] p = Distances.weights(a);
            double[] q = Distances.weights(b);
            String as = "seed " + SEED + " case " + i;

            assertThat(Psi.of(a, b).value()).as(as).isNotNegative();
            close(as, Psi.of(a, b).value(), Psi.of(b, a).value());
            close(
                    as,
                    Psi.of(a, b).value(),
                    Psi.of(pick(a, order), pick(b, order)).value());
            close(
                    as,
                    ChiSquare.homogeneity(a, b).statistic(),
                    ChiSquare.homogeneity(pick(b, order), pick(a, order)).statistic());
            close(as, ChiSquare.pooled(a, b).statistic(), ChiSquare.pooled(b, a).statistic());
            close(as, Distances.jensenShannonNats(p, q), Distances.jensenShannonNats(q, p));
            close(as, Distances.totalVariation(p, q), Distances.totalVariation(q, p));
            close(as, Distances.hellinger(p, q), Distances.hellinger(q, p));
            close(as, Distances.wassersteinOnIndex(p, q), Distances.wassersteinOnIndex(q, p));
            assertThat(Distances.jensenShannonBits(p, q)).as(as).isBetween(0.0, 1 + 1e-12);
            assertThat(Distances.hellinger(p, q)).as(as).isBetween(0.0, 1 + 1e-12);
            assertThat(Distances.totalVariation(p, q)).as(as).isBetween(0.0, 1 + 1e-12);
            assertThat(Distances.kullbackLeibler(p, q)).as(as).isGreaterThan(-1e-12);
            assertThat(Distances.wassersteinOnIndex(p, q)).as(as).isBetween(0.0, (double) a.length);
        }
    }

    @Test
    void distancesFromItselfAreZeroAndScalingChangesWhatItMust() {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        for (int i = 0; i < 300; i++) {
            long[] a = counts(random, random.nextInt(2, 20));
            long[] b = counts(random, a.length);
            double[] p = Distances.weights(a);
            double[] q = Distances.weights(b);
            long[] tenA = LongStream.of(a).map(c -> 10 * c).toArray();
            long[] tenB = LongStream.of(b).map(c -> 10 * c).toArray();
            String as = "seed " + (SEED + 1) + " case " + i;

            assertThat(Distances.jensenShannonDistanceNats(p, p)).as(as).isZero();
            assertThat(Distances.hellinger(p, p)).isZero();
            assertThat(Psi.of(a, a).value()).isZero();
            close(as, Distances.jensenShannonNats(p, q), Distances.jensenShannonNats(Distances.weights(tenA), q));
            close(
                    as,
                    10 * ChiSquare.homogeneity(a, b).statistic(),
                    ChiSquare.homogeneity(tenA, tenB).statistic());
            close(
                    as,
                    10 * ChiSquare.homogeneity(a, b).g(),
                    ChiSquare.homogeneity(tenA, tenB).g());
            close(
                    as,
                    ChiSquare.homogeneity(a, b).cramersV(),
                    ChiSquare.homogeneity(tenA, tenB).cramersV());
            assertThat(ChiSquare.homogeneity(tenA, tenB).p())
                    .isLessThanOrEqualTo(ChiSquare.homogeneity(a, b).p());
            close(
                    as,
                    KolmogorovSmirnov.ofBins(a, b).d(),
                    KolmogorovSmirnov.ofBins(tenA, tenB).d());
            assertThat(KolmogorovSmirnov.ofBins(tenA, tenB).pLimit())
                    .isLessThanOrEqualTo(KolmogorovSmirnov.ofBins(a, b).pLimit());
        }
    }

    @Test
    void samplesMayBeMovedScaledAndSwapped() {
        SplittableRandom random = new SplittableRandom(SEED + 2);
        for (int i = 0; i < 300; i++) {
            double[] x = sample(random);
            double[] y = sample(random);
            String as = "seed " + (SEED + 2) + " case " + i;
            KolmogorovSmirnov ks = KolmogorovSmirnov.of(x, y);
            KolmogorovSmirnov swapped = KolmogorovSmirnov.of(y, x);
            KolmogorovSmirnov stretched = KolmogorovSmirnov.of(
                    Arrays.stream(x).map(v -> v * v * v + 5).toArray(),
                    Arrays.stream(y).map(v -> v * v * v + 5).toArray());
            SampleDistances d = SampleDistances.of(x, y);
            SampleDistances doubled = SampleDistances.of(
                    Arrays.stream(x).map(v -> 2 * v + 5).toArray(),
                    Arrays.stream(y).map(v -> 2 * v + 5).toArray());

            assertThat(ks.d()).as(as).isBetween(0.0, 1.0).isEqualTo(swapped.d()).isEqualTo(stretched.d());
            assertThat(ks.plus().size()).isEqualTo(swapped.minus().size());
            close(as, ks.p(), swapped.p());
            assertThat(ks.pExact()).as(as).isBetween(0.0, 1.0);
            assertThat(ks.pLimit()).as(as).isBetween(0.0, 1.0);
            close(as, 2 * d.wasserstein(), doubled.wasserstein());
            close(as, Math.sqrt(2) * d.energy(), doubled.energy());
            close(as, d.wasserstein(), SampleDistances.of(y, x).wasserstein());
            double meanGap = Math.abs(Arrays.stream(x).average().orElseThrow()
                    - Arrays.stream(y).average().orElseThrow());
            assertThat(d.wasserstein()).as(as).isGreaterThanOrEqualTo(meanGap - 1e-9);
        }
    }

    /// Windows counted apart and summed give the same bins, index, KS and distances as counted together.
    @Test
    void mergedWindowsAreTheWholeWindow() {
        SplittableRandom random = new SplittableRandom(SEED + 3);
        for (int i = 0; i < 200; i++) {
            double[] baseline = sample(random);
            double[] one = sample(random);
            double[] two = sample(random);
            Cells before = Counting.count(baseline, ValueGrid::cell);
            Cells merged = Counting.count(one, ValueGrid::cell).plus(Counting.count(two, ValueGrid::cell));
            Cells whole = Counting.count(
                    DoubleStream.concat(Arrays.stream(one), Arrays.stream(two)).toArray(), ValueGrid::cell);
            ReferenceBins bins = ReferenceBins.of(before, 10);

            assertThat(merged).as("seed %d case %d", SEED + 3, i).isEqualTo(whole);
            long[] sums = bins.counts(Counting.count(one, ValueGrid::cell));
            long[] more = bins.counts(Counting.count(two, ValueGrid::cell));
            for (int bin = 0; bin < sums.length; bin++) {
                sums[bin] += more[bin];
            }
            assertThat(bins.counts(whole)).containsExactly(sums);
            assertThat(KolmogorovSmirnov.ofCells(before, merged)).isEqualTo(KolmogorovSmirnov.ofCells(before, whole));
        }
    }

    /// Every bin of the rest holds about 1/B of the mass, whatever the atoms: none is left with a handful.
    @Test
    void binsOfTheRestAreEven() {
        SplittableRandom random = new SplittableRandom(SEED + 4);
        for (int i = 0; i < 200; i++) {
            double atoms = random.nextDouble(0.4, 0.9);
            double[] x = random.doubles(4000)
                    .map(u -> random.nextDouble() < atoms ? Math.floor(3 * u) / 2 : 2 + 500 * u)
                    .toArray();
            Cells cells = Counting.count(x, ValueGrid::cell);
            ReferenceBins bins = ReferenceBins.of(cells, 10);
            long[] counts = bins.counts(cells);
            long rest = LongStream.of(counts).limit(bins.cuts().length + 1L).sum();
            for (int bin = 0; bin <= bins.cuts().length && rest > 600; bin++) {
                assertThat(counts[bin]).as("seed %d case %d", SEED + 4, i).isBetween(200L, 700L);
            }
        }
    }

    /// Under the null every p-value is at most u with a frequency of about u.
    @Test
    void pValuesAreUniformAtTheNull() {
        SplittableRandom random = new SplittableRandom(SEED + 5);
        int runs = 600;
        double[] psi = new double[runs];
        double[] chi = new double[runs];
        double[] ks = new double[runs];
        for (int run = 0; run < runs; run++) {
            long[] a = new long[10];
            long[] b = new long[10];
            for (int k = 0; k < 500; k++) {
                a[random.nextInt(10)]++;
                b[random.nextInt(10)]++;
            }
            psi[run] = Psi.of(a, b).pAbove(0);
            chi[run] = ChiSquare.pooled(a, b).p();
            ks[run] = KolmogorovSmirnov.of(
                            random.doubles(101).toArray(), random.doubles(97).toArray())
                    .p();
        }
        for (double[] p : new double[][] {psi, chi, ks}) {
            Arrays.sort(p);
            double worst = 0;
            for (int i = 0; i < runs; i++) {
                worst = Math.max(worst, Math.max((i + 1.0) / runs - p[i], p[i] - (double) i / runs));
            }
            assertThat(worst).as("seed %d", SEED + 5).isLessThan(1.63 / Math.sqrt(runs) + 0.01);
        }
    }

    private static void close(String as, double one, double two) {
        if (Double.isNaN(one)) {
            assertThat(two).as(as).isNaN();
        } else {
            assertThat(two).as(as).isCloseTo(one, within(1e-9 * (1 + Math.abs(one))));
        }
    }

    private static long[] counts(SplittableRandom random, int bins) {
        long[] counts = new long[bins];
        for (int i = 0; i < bins; i++) {
            counts[i] = random.nextInt(4) == 0 ? 0 : random.nextLong(1000);
        }
        counts[random.nextInt(bins)] += 1;
        return counts;
    }

    private static double[] sample(SplittableRandom random) {
        double[] sample = new double[random.nextInt(1, 200)];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = random.nextInt(3) == 0 ? random.nextInt(-5, 6) : random.nextDouble(-6, 6);
        }
        return sample;
    }

    private static int[] shuffled(SplittableRandom random, int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long[] pick(long[] counts, int[] order) {
        return Arrays.stream(order).mapToLong(i -> counts[i]).toArray();
    }
}
