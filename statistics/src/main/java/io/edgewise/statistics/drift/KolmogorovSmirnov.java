// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.special.Counts;
import java.util.function.DoubleUnaryOperator;

/// Two-sample Kolmogorov-Smirnov: the largest gap between two empirical distribution functions F
/// (reference) and G (current), as an effect size, with p-values.
///
/// D is exact for samples. For counts on cells or bins, which hide the order of the observations within,
/// the gap is taken at upper edges, and the exact D lies in [d, d + over]; `over` is 0 where every cell
/// holds one value only, and at most 1/B for B bins of equal mass. For rank functions of sketches the
/// exact D lies in [d - under, d + over]. Values that tie are one step (p-values, made for continuous
/// data, are then conservative). A side without observations: d and location NaN, p-values 1.
///
/// @param n observations of the reference
/// @param m observations of the current sample
/// @param plus largest F - G
/// @param minus largest G - F
/// @param under how far the exact D may lie below d
/// @param over how far the exact D may lie above d
public record KolmogorovSmirnov(long n, long m, Gap plus, Gap minus, double under, double over) {
    /// Up to this product of sizes [#p] is exact: some 10 ms.
    private static final long EXACT_UP_TO = 10_000_000;

    private static final double ROUNDING = 1e-9;

    /// @param size at least 0; NaN where a side is empty
    /// @param location where: the smallest such observation, cell number or bin number; NaN where a side
    ///     is empty
    public record Gap(double size, double location) {}

    /// A distribution known by its ranks, such as a KLL sketch.
    ///
    /// @param n true number of observations, not that of retained items
    /// @param rank share of observations at or below a value
    /// @param epsilon rank error of the sketch; 0 where exact
    public record Ranks(long n, DoubleUnaryOperator rank, double epsilon) {
        public Ranks {
            if (n < 0 || !(epsilon >= 0 && epsilon <= 1)) {
                throw new IllegalArgumentException("KolmogorovSmirnov: " + n + " observations and rank error " + epsilon
                        + " must be at least 0 and in [0, 1].");
            }
        }
    }

    public KolmogorovSmirnov {
        boolean empty = n == 0 || m == 0;
        if (n < 0 || m < 0 || !isGap(plus, empty) || !isGap(minus, empty) || !(under >= 0) || !(over >= 0)) {
            throw new IllegalArgumentException("KolmogorovSmirnov: gaps " + plus + " and " + minus + " of " + n
                    + " and " + m + " observations, off by " + under + " and " + over
                    + ", are none; make them by of(), ofCells(), ofBins() or ofRanks().");
        }
    }

    /// Rank functions of sketches may leave [0, 1] by rounding.
    private static boolean isGap(Gap gap, boolean empty) {
        return empty ? Double.isNaN(gap.size()) : gap.size() >= 0 && gap.size() <= 1 + ROUNDING;
    }

    /// Exact samples. Infinite values are values; NaN is refused.
    public static KolmogorovSmirnov of(double[] reference, double[] current) {
        double[] x = Samples.sorted("KolmogorovSmirnov: reference", reference);
        double[] y = Samples.sorted("KolmogorovSmirnov: current", current);
        EmpiricalGaps gaps = new EmpiricalGaps(x.length, y.length);
        int i = 0;
        int j = 0;
        while (i < x.length || j < y.length) {
            double value = i == x.length ? y[j] : j == y.length ? x[i] : Math.min(x[i], y[j]);
            int beforeX = i;
            int beforeY = j;
            while (i < x.length && x[i] == value) {
                i++;
            }
            while (j < y.length && y[j] == value) {
                j++;
            }
            gaps.step(value, i - beforeX, j - beforeY);
        }
        return gaps.exact();
    }

    /// Counts on one grid whose cells are in value order. Missing values are no observations; infinite
    /// ones are.
    public static KolmogorovSmirnov ofCells(Cells reference, Cells current) {
        int[] x = reference.cells();
        int[] y = current.cells();
        long[] xCounts = reference.counts();
        long[] yCounts = current.counts();
        EmpiricalGaps gaps = new EmpiricalGaps(
                reference.total() - reference.count(LogGrid.MISSING), current.total() - current.count(LogGrid.MISSING));
        int i = 0;
        int j = 0;
        while (i < x.length || j < y.length) {
            int cell = i == x.length ? y[j] : j == y.length ? x[i] : Math.min(x[i], y[j]);
            long inX = i < x.length && x[i] == cell ? xCounts[i++] : 0;
            long inY = j < y.length && y[j] == cell ? yCounts[j++] : 0;
            if (cell != LogGrid.MISSING) {
                gaps.step(cell, inX, inY);
            }
        }
        return gaps.binned();
    }

    /// Counts on the same ascending bins, such as 1,024 frozen quantile bins of the reference
    /// ([SampleBins]).
    public static KolmogorovSmirnov ofBins(long[] reference, long[] current) {
        if (reference.length != current.length) {
            throw new IllegalArgumentException("KolmogorovSmirnov: " + reference.length + " reference bins but "
                    + current.length + " current ones; count both on the bins of one baseline.");
        }
        long n = 0;
        long m = 0;
        for (int i = 0; i < reference.length; i++) {
            if (reference[i] < 0 || current[i] < 0) {
                throw new IllegalArgumentException("KolmogorovSmirnov: bin " + i + " counts " + reference[i] + " and "
                        + current[i] + "; counts cannot be negative.");
            }
            n = Counts.add(n, reference[i]);
            m = Counts.add(m, current[i]);
        }
        EmpiricalGaps gaps = new EmpiricalGaps(n, m);
        for (int i = 0; i < reference.length; i++) {
            gaps.step(i, reference[i], current[i]);
        }
        return gaps.binned();
    }

    /// The gap at the given points: for two sketches, all items that either retains. `under` and `over`
    /// are the sum of both rank errors; whoever gives fewer points must add the mass between them to an
    /// epsilon.
    public static KolmogorovSmirnov ofRanks(Ranks reference, Ranks current, double[] points) {
        double[] sorted = Samples.sorted("KolmogorovSmirnov: points", points);
        if (reference.n() == 0 || current.n() == 0 || sorted.length == 0) {
            return new EmpiricalGaps(reference.n(), 0).exact();
        }
        Gap plus = new Gap(0, sorted[0]);
        Gap minus = new Gap(0, sorted[0]);
        for (double at : sorted) {
            double gap = reference.rank().applyAsDouble(at) - current.rank().applyAsDouble(at);
            if (Double.isNaN(gap)) {
                throw new IllegalArgumentException("KolmogorovSmirnov: a rank function gives NaN at " + at + ".");
            }
            plus = gap > plus.size() ? new Gap(gap, at) : plus;
            minus = -gap > minus.size() ? new Gap(-gap, at) : minus;
        }
        double error = reference.epsilon() + current.epsilon();
        return new KolmogorovSmirnov(reference.n(), current.n(), plus, minus, error, error);
    }

    /// Largest gap in either direction.
    public double d() {
        return Math.max(plus.size(), minus.size());
    }

    /// Where d is attained.
    public double location() {
        return sign() > 0 ? plus.location() : minus.location();
    }

    /// +1 where F lies above G at d (the current values are larger), -1 where below; +1 if both gaps are
    /// equal.
    public int sign() {
        return minus.size() > plus.size() ? -1 : 1;
    }

    /// The p-value to decide with: of the smallest D that the data allow, exact where n m is at most ten
    /// million, else the Kolmogorov limit. The limit is never the smaller one: above the exact p-value by less
    /// than 10 % down to 1e-9 where both sides have 3,200 observations or more, however many; by 10 % at 0.05
    /// where one side has only 100, by 40 % where it has 10, and useless where it has one or two.
    public double p() {
        double least = Math.max(0, d() - under);
        if (isEmpty()) {
            return 1;
        }
        return n <= EXACT_UP_TO / m ? KolmogorovLaw.twoSample(least, n, m) : KolmogorovLaw.limit(least, n, m);
    }

    /// P(D >= d) by counting paths (commons-statistics), as if the data were continuous. Grows with n m:
    /// refused beyond 10¹⁰, or beyond 20 million on a side.
    public double pExact() {
        return isEmpty() ? 1 : KolmogorovLaw.twoSample(d(), n, m);
    }

    /// What SciPy calls asymptotic: the exact one-sample law with round-half-even(n m / (n + m))
    /// observations. NaN where that is 0. For comparison: it can be well below the exact p-value in small
    /// samples.
    public double pOneSample() {
        return isEmpty() ? 1 : KolmogorovLaw.oneSample(d(), (double) n * m / ((double) n + m));
    }

    /// The textbook limit 2 Σ (-1)^(k-1) exp(-2 k² D² n m / (n + m)).
    public double pLimit() {
        return isEmpty() ? 1 : KolmogorovLaw.limit(d(), n, m);
    }

    /// How far the observed D may lie from that of the populations, with this confidence, whatever they
    /// are: Massart's bound √(ln(2/α)/2n) for each side at half of α.
    public double margin(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "KolmogorovSmirnov: confidence " + confidence + " must lie in (0, 1) (0.95).");
        }
        double log = StrictMath.log(4 / (1 - confidence));
        return isEmpty() ? Double.NaN : StrictMath.sqrt(log / (2.0 * n)) + StrictMath.sqrt(log / (2.0 * m));
    }

    /// BREACH where D is at least the threshold, even if the data hide less of it, and p is below alpha:
    /// large and not by chance. SAFE where the D of the populations is below the threshold with
    /// confidence 1 - alpha. Otherwise UNDECIDED.
    public DriftVerdict decide(double threshold, double alpha) {
        if (!(threshold > 0 && threshold < 1)) {
            throw new IllegalArgumentException(
                    "KolmogorovSmirnov: threshold " + threshold + " must lie in (0, 1) (default 0.1).");
        }
        double margin = margin(1 - alpha);
        if (d() - under >= threshold && p() < alpha) {
            return DriftVerdict.BREACH;
        }
        return d() + over + margin < threshold ? DriftVerdict.SAFE : DriftVerdict.UNDECIDED;
    }

    private boolean isEmpty() {
        return Double.isNaN(plus.size());
    }
}
