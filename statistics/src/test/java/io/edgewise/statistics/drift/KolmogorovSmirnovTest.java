// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.edgewise.statistics.drift.KolmogorovSmirnov.Ranks;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import io.edgewise.statistics.reference.Counting;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleToIntFunction;
import java.util.stream.DoubleStream;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;
import org.junit.jupiter.api.Test;

class KolmogorovSmirnovTest {
    @Test
    void exactGapLiesWithinWhatTheCellsAllow() {
        long seed = 31;
        SplittableRandom random = new SplittableRandom(seed);
        DoubleToIntFunction[] grids = {LogGrid::cell, UnitGrid::cell, ValueGrid::cell, v -> (int) Math.floor(20 * v)};
        for (int i = 0; i < 400; i++) {
            double[] x = random.doubles(random.nextInt(1, 300)).toArray();
            double power = random.nextDouble(0.5, 2);
            double[] y = random.doubles(random.nextInt(1, 300))
                    .map(u -> Math.pow(u, power))
                    .toArray();
            DoubleToIntFunction grid = grids[i % grids.length];
            KolmogorovSmirnov exact = KolmogorovSmirnov.of(x, y);
            KolmogorovSmirnov cells = KolmogorovSmirnov.ofCells(Counting.count(x, grid), Counting.count(y, grid));

            assertThat(exact.d())
                    .as("seed %d case %d", seed, i)
                    .isBetween(cells.d() - 1e-12, cells.d() + cells.over() + 1e-12);
            assertThat(cells.p()).isGreaterThanOrEqualTo(exact.p() * (1 - 1e-9));
        }
    }

    @Test
    void frozenQuantileBinsLoseAtMostOneIn1024() {
        SplittableRandom random = new SplittableRandom(8);
        double[] x = random.doubles(1024 * 40).toArray();
        double[] y = random.doubles(30_000).map(u -> Math.pow(u, 1.1)).toArray();
        SampleBins bins = SampleBins.orderStatistics(x, 1024);
        KolmogorovSmirnov exact = KolmogorovSmirnov.of(x, y);
        KolmogorovSmirnov binned = KolmogorovSmirnov.ofBins(bins.counts(x), bins.counts(y));

        assertThat(exact.d() - binned.d()).isBetween(0.0, 1.0 / 1024);
        assertThat(binned.over()).isPositive().isLessThan(0.003);
        assertThat(exact.d()).isLessThanOrEqualTo(binned.d() + binned.over());
    }

    @Test
    void sketchErrorsAreTakenOffBeforeAnythingIsShown() {
        SplittableRandom random = new SplittableRandom(9);
        double[] x = random.doubles(60_000).toArray();
        double[] y = random.doubles(50_000).map(u -> 0.15 + 0.85 * u).toArray();
        KllDoublesSketch before = sketch(x);
        KllDoublesSketch now = sketch(y);
        double[] points = DoubleStream.concat(
                        Arrays.stream(before.getSortedView().getQuantiles()),
                        Arrays.stream(now.getSortedView().getQuantiles()))
                .toArray();
        KolmogorovSmirnov exact = KolmogorovSmirnov.of(x, y);
        KolmogorovSmirnov sketched = KolmogorovSmirnov.ofRanks(ranks(before), ranks(now), points);

        assertThat(sketched.under()).isEqualTo(sketched.over()).isLessThan(0.005);
        assertThat(exact.d()).isBetween(sketched.d() - sketched.under(), sketched.d() + sketched.over());
        assertThat(sketched.n()).isEqualTo(60_000);
        assertThat(sketched.decide(0.1, 0.05)).isEqualTo(DriftVerdict.BREACH);
        KolmogorovSmirnov near = KolmogorovSmirnov.ofRanks(
                new Ranks(1000, u -> u, 0.01), new Ranks(1000, u -> u - 0.05, 0.01), new double[] {0.5});
        assertThat(near.p()).isCloseTo(KolmogorovLaw.twoSample(0.03, 1000, 1000), within(1e-12));
        assertThat(near.p()).isGreaterThan(near.pLimit());
    }

    @Test
    void rankFunctionsOfExactSamplesGiveTheExactGap() {
        SplittableRandom random = new SplittableRandom(10);
        for (int i = 0; i < 50; i++) {
            double[] x = random.doubles(random.nextInt(1, 60)).toArray();
            double[] y = random.doubles(random.nextInt(1, 60)).map(u -> u * u).toArray();
            double[] points =
                    DoubleStream.concat(Arrays.stream(x), Arrays.stream(y)).toArray();
            KolmogorovSmirnov exact = KolmogorovSmirnov.of(x, y);
            KolmogorovSmirnov ranked = KolmogorovSmirnov.ofRanks(ranks(x), ranks(y), points);

            assertThat(ranked.d()).isCloseTo(exact.d(), within(1e-12));
            assertThat(ranked.p()).isCloseTo(exact.p(), within(1e-12));
        }
    }

    @Test
    void largeAndNotByChanceIsABreachOnly() {
        KolmogorovSmirnov tiny = KolmogorovSmirnov.ofBins(new long[] {500_000, 500_000}, new long[] {505_000, 495_000});
        assertThat(tiny.p()).isLessThan(1e-9);
        assertThat(tiny.decide(0.1, 0.05)).isNotEqualTo(DriftVerdict.BREACH);
        KolmogorovSmirnov few = KolmogorovSmirnov.of(new double[] {1, 2, 3}, new double[] {2.5, 3.5, 4.5});
        assertThat(few.d()).isGreaterThan(0.5);
        assertThat(few.decide(0.1, 0.05)).isEqualTo(DriftVerdict.UNDECIDED);
        double[] x = new SplittableRandom(3).doubles(20_000).toArray();
        double[] y = new SplittableRandom(4).doubles(20_000).toArray();
        assertThat(KolmogorovSmirnov.of(x, y).decide(0.1, 0.05)).isEqualTo(DriftVerdict.SAFE);
        double[] moved = Arrays.stream(y).map(u -> u * u).toArray();
        assertThat(KolmogorovSmirnov.of(x, moved).decide(0.1, 0.05)).isEqualTo(DriftVerdict.BREACH);
    }

    @Test
    void noDataShowsNothing() {
        double[] none = {};
        for (KolmogorovSmirnov ks : new KolmogorovSmirnov[] {
            KolmogorovSmirnov.of(none, none),
            KolmogorovSmirnov.of(none, new double[] {1}),
            KolmogorovSmirnov.of(new double[] {1}, none),
            KolmogorovSmirnov.ofCells(Cells.empty(), new Cells(new int[] {1}, new long[] {3})),
            KolmogorovSmirnov.ofCells(
                    new Cells(new int[] {LogGrid.MISSING}, new long[] {9}), new Cells(new int[] {1}, new long[] {3})),
            KolmogorovSmirnov.ofBins(new long[0], new long[0]),
            KolmogorovSmirnov.ofRanks(ranks(none), ranks(new double[] {1}), new double[] {1})
        }) {
            assertThat(ks.d()).isNaN();
            assertThat(ks.location()).isNaN();
            assertThat(ks.p()).isEqualTo(1).isEqualTo(ks.pExact()).isEqualTo(ks.pLimit());
            assertThat(ks.pOneSample()).isEqualTo(1);
            assertThat(ks.decide(0.1, 0.05)).isEqualTo(DriftVerdict.UNDECIDED);
        }
    }

    /// Products of such sizes do not fit a long.
    @Test
    void billionsOfObservationsAreCountedExactly() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (long unit : new long[] {1, 1_000, 4_000_000_000L, Long.MAX_VALUE / 400}) {
                long[] x = {100 * unit, 200 * unit, 100 * unit};
                long[] y = {100 * unit, 100 * unit, 200 * unit};
                KolmogorovSmirnov ks = KolmogorovSmirnov.ofBins(x, y);
                KolmogorovSmirnov mirrored = KolmogorovSmirnov.ofBins(y, x);

                assertThat(ks.d()).as("%d", unit).isEqualTo(0.25).isEqualTo(mirrored.d());
                assertThat(ks.location()).isEqualTo(1).isEqualTo(mirrored.location());
                assertThat(ks.sign()).isEqualTo(1).isEqualTo(-mirrored.sign());
                assertThat(ks.plus().size()).isEqualTo(mirrored.minus().size());
                assertThat(ks.over()).isEqualTo(0.25);
                assertThat(ks.p()).isBetween(0.0, 1e-9);
                assertThat(KolmogorovSmirnov.ofBins(x, x).d()).isZero();
                assertThat(KolmogorovSmirnov.ofBins(x, x).p()).isEqualTo(1);
            }
        });
        long half = 1L << 61;
        KolmogorovSmirnov nearly = KolmogorovSmirnov.ofBins(new long[] {half, half}, new long[] {half - 1, half + 1});
        assertThat(nearly.plus().size()).isCloseTo(1.0 / (1L << 62), within(1e-33));
        assertThat(nearly.sign()).isEqualTo(1);
        assertThat(nearly.p()).isEqualTo(1);
        assertThatThrownBy(nearly::pExact).hasMessageContaining("pLimit()");
        assertThatThrownBy(nearly::pOneSample).hasMessageContaining("pLimit()");
    }

    @Test
    void anExactPValueOfNearlyEqualSizesDoesNotSearchForLong() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (double d : new double[] {0.5, 0.9999, 1 - 1e-9, 1}) {
                assertThat(KolmogorovLaw.twoSample(d, 3_999, 4_000)).isBetween(0.0, 1e-100);
            }
        });
    }

    @Test
    void infiniteValuesAreTheOutermostOnes() {
        double infinity = Double.POSITIVE_INFINITY;
        double[] x = {-infinity, 1, 2, infinity};
        double[] y = {1, 2, infinity, infinity};
        KolmogorovSmirnov samples = KolmogorovSmirnov.of(x, y);
        KolmogorovSmirnov cells = KolmogorovSmirnov.ofCells(
                Counting.count(new double[] {-infinity, 1, 2, infinity, Double.NaN}, ValueGrid::cell),
                Counting.count(y, ValueGrid::cell));

        assertThat(samples.d()).isEqualTo(0.25).isEqualTo(cells.d());
        assertThat(samples.location()).isEqualTo(-infinity);
        assertThat(cells.location()).isEqualTo(ValueGrid.NEGATIVE_INFINITY);
        assertThat(cells.n()).isEqualTo(4);
    }

    @Test
    void refusesWhatIsAMistake() {
        double[] one = {1};
        assertThatThrownBy(() -> KolmogorovSmirnov.of(new double[] {1, Double.NaN}, one))
                .hasMessageContaining("reference[1] is NaN");
        assertThatThrownBy(() -> KolmogorovSmirnov.ofBins(new long[2], new long[3]))
                .hasMessageContaining("one baseline");
        assertThatThrownBy(() -> KolmogorovSmirnov.ofBins(new long[] {-1}, new long[1]))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> new Ranks(5, x -> x, Double.NaN)).hasMessageContaining("rank error NaN");
        assertThatThrownBy(() -> KolmogorovSmirnov.ofRanks(new Ranks(5, x -> Double.NaN, 0), ranks(one), one))
                .hasMessageContaining("NaN at 1.0");
        assertThatThrownBy(() -> KolmogorovSmirnov.of(one, one).decide(10, 0.05))
                .hasMessageContaining("threshold");
        assertThatThrownBy(() -> KolmogorovSmirnov.of(one, one).decide(0.1, 0)).hasMessageContaining("confidence");
        KolmogorovSmirnov huge = KolmogorovSmirnov.ofBins(new long[] {1, 1_000_000}, new long[] {1_000_000, 1});
        assertThatThrownBy(huge::pExact).hasMessageContaining("use the limit");
    }

    @Test
    void kolmogorovLawHasThePublishedCriticalValues() {
        assertThat(KolmogorovLaw.survival(1.35809863932255)).isCloseTo(0.05, within(1e-12));
        assertThat(KolmogorovLaw.survival(1.62762361151895)).isCloseTo(0.01, within(1e-12));
        assertThat(KolmogorovLaw.survival(1.9494746035478)).isCloseTo(0.001, within(1e-9));
        assertThat(KolmogorovLaw.survival(0)).isEqualTo(1);
        assertThat(KolmogorovLaw.survival(0.05)).isEqualTo(1);
        assertThat(KolmogorovLaw.survival(40)).isZero();
        double before = 1;
        for (double x = 0.2; x < 3; x += 0.001) {
            double p = KolmogorovLaw.survival(x);
            assertThat(p).isLessThanOrEqualTo(before);
            before = p;
        }
    }

    private static KllDoublesSketch sketch(double[] sample) {
        KllDoublesSketch sketch = KllDoublesSketch.newHeapInstance(2048);
        for (double value : sample) {
            sketch.update(value);
        }
        return sketch;
    }

    private static Ranks ranks(KllDoublesSketch sketch) {
        return new Ranks(
                sketch.getN(),
                at -> sketch.getRank(at, QuantileSearchCriteria.INCLUSIVE),
                sketch.getNormalizedRankError(false));
    }

    private static Ranks ranks(double[] sample) {
        return new Ranks(
                sample.length, at -> Arrays.stream(sample).filter(x -> x <= at).count() / (double) sample.length, 0);
    }
}
