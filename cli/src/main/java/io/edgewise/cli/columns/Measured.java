// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.statistics.drift.ApartShares;
import io.edgewise.statistics.drift.ChiSquare;
import io.edgewise.statistics.drift.Distances;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.PsiDecision;
import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A column before its p-values are adjusted for the others of the same look: `drift` holds the unadjusted ones
/// in their place, and no severity yet.
record Measured(ColumnDrift drift) {
    private static final int BINS = 10;
    private static final int CATEGORIES = 20;

    /// Missing and infinite of either sign are three tests, of which the smallest p-value counts.
    private static final int APART_TESTS = 3;

    private static final double ONE_SAMPLE_UP_TO = 10_000;

    /// @param tests columns that share alpha
    static Measured of(
            Plan.Planned column,
            ColumnCounts baseline,
            ColumnCounts current,
            long[] rows,
            DriftLimits limits,
            int tests) {
        return switch (baseline) {
            case NumericCounts before
            when current instanceof NumericCounts now -> numeric(column, before, now, rows, limits, tests);
            case CategoryCounts before
            when current instanceof CategoryCounts now -> categories(column, before, now, rows, limits, tests);
            default ->
                throw new IllegalStateException("column " + column.name() + " was counted as two kinds of values");
        };
    }

    private static Measured numeric(
            Plan.Planned column, NumericCounts before, NumericCounts now, long[] rows, DriftLimits limits, int tests) {
        Pictured picture = Pictured.of(before, now);
        ReferenceBins bins = ReferenceBins.of(picture.baseline(), BINS);
        long[] reference = bins.counts(picture.baseline());
        long[] current = bins.counts(picture.current());
        ApartShares apart = ApartShares.of(apart(before), apart(now));
        double missing = Math.min(
                apart.missing().p(),
                Math.min(apart.negativeInfinite().p(), apart.positiveInfinite().p()));
        double p = picture.test().p();
        return new Measured(new ColumnDrift(
                column.name(),
                Kind.NUMERIC,
                picture.counted(),
                side(before, rows[0]),
                side(now, rows[1]),
                index(reference, current, limits, tests),
                new ColumnDrift.Shape(
                        "KS",
                        picture.test().d(),
                        picture.test().over(),
                        picture.testAt(),
                        Double.NaN,
                        0,
                        p,
                        asymptotic(picture.test()),
                        p),
                new ColumnDrift.Distance(
                        Distances.jensenShannonBits(Distances.weights(reference), Distances.weights(current)),
                        picture.distances().wasserstein(),
                        picture.distances().normalised()),
                share(
                        rows[0] - before.finite(),
                        rows[0],
                        rows[1] - now.finite(),
                        rows[1],
                        Math.min(1, APART_TESTS * missing)),
                Optional.empty(),
                moved(reference, current, picture.names(bins)),
                Severity.NONE,
                Verdict.UNDECIDED,
                picture.notes()));
    }

    /// As SciPy's; beyond some size the limit is the same to all digits shown, and quick.
    private static double asymptotic(KolmogorovSmirnov test) {
        double both = (double) test.n() * test.m() / Math.max(1, (double) test.n() + test.m());
        return both > ONE_SAMPLE_UP_TO ? test.pLimit() : test.pOneSample();
    }

    private static ColumnDrift.Side side(NumericCounts counts, long rows) {
        boolean any = counts.finite() > 0;
        return new ColumnDrift.Side(
                rows,
                counts.finite(),
                counts.mean(),
                any ? counts.least() : Double.NaN,
                any ? counts.largest() : Double.NaN,
                0);
    }

    /// What stands apart, beside all else in one cell.
    private static Cells apart(NumericCounts counts) {
        return cells(
                new int[] {LogGrid.NEGATIVE_INFINITY, LogGrid.MISSING, 0, LogGrid.POSITIVE_INFINITY},
                new long[] {counts.negativeInfinite(), counts.missing(), counts.finite(), counts.positiveInfinite()});
    }

    private static Cells cells(int[] at, long[] counts) {
        int[] cells = new int[at.length];
        long[] held = new long[at.length];
        int found = 0;
        for (int i = 0; i < at.length; i++) {
            if (counts[i] > 0) {
                cells[found] = at[i];
                held[found++] = counts[i];
            }
        }
        return new Cells(Arrays.copyOf(cells, found), Arrays.copyOf(held, found));
    }

    private static Measured categories(
            Plan.Planned column,
            CategoryCounts before,
            CategoryCounts now,
            long[] rows,
            DriftLimits limits,
            int tests) {
        TreeMap<String, Long> x = new TreeMap<>(before.counts());
        TreeMap<String, Long> y = new TreeMap<>(now.counts());
        SortedSet<String> names = new TreeSet<>(x.keySet());
        names.addAll(y.keySet());
        List<String> byCell = List.copyOf(names);
        Cells reference = categoryCells(byCell, x, before.missing());
        Cells current = categoryCells(byCell, y, now.missing());
        ReferenceBins bins = ReferenceBins.ofCategories(reference, CATEGORIES);
        long[] inReference = bins.counts(reference);
        long[] inCurrent = bins.counts(current);
        ChiSquare test = ChiSquare.ofCategories(reference, current);
        ApartShares apart = ApartShares.of(reference, current);
        long n = rows[0] - before.missing();
        long m = rows[1] - now.missing();
        double p = n == 0 || m == 0 ? 1 : test.p();
        List<String> labels = new ArrayList<>();
        labels.add("(all others)");
        for (int atom : bins.atoms()) {
            labels.add(byCell.get(atom));
        }
        return new Measured(new ColumnDrift(
                column.name(),
                Kind.CATEGORICAL,
                "every category counted",
                new ColumnDrift.Side(rows[0], n, Double.NaN, Double.NaN, Double.NaN, x.size()),
                new ColumnDrift.Side(rows[1], m, Double.NaN, Double.NaN, Double.NaN, y.size()),
                index(inReference, inCurrent, limits, tests),
                new ColumnDrift.Shape(
                        "chi-square",
                        Double.isNaN(test.cramersV()) ? 0 : test.cramersV(),
                        0,
                        Double.NaN,
                        test.statistic(),
                        test.degrees(),
                        p,
                        p,
                        p),
                new ColumnDrift.Distance(divergence(byCell, x, y), Double.NaN, Double.NaN),
                share(
                        before.missing(),
                        rows[0],
                        now.missing(),
                        rows[1],
                        apart.missing().p()),
                Optional.of(
                        share(0, n, apart.unseen().window(), m, apart.unseen().p())),
                moved(inReference, inCurrent, labels),
                Severity.NONE,
                Verdict.UNDECIDED,
                List.of()));
    }

    private static Cells categoryCells(List<String> names, TreeMap<String, Long> counts, long missing) {
        int[] cells = new int[names.size() + 1];
        long[] held = new long[cells.length];
        cells[0] = LogGrid.MISSING;
        held[0] = missing;
        for (int i = 0; i < names.size(); i++) {
            cells[i + 1] = i;
            held[i + 1] = counts.getOrDefault(names.get(i), 0L);
        }
        return cells(cells, held);
    }

    private static double divergence(List<String> names, TreeMap<String, Long> x, TreeMap<String, Long> y) {
        return Distances.jensenShannonBits(
                names.stream().mapToDouble(name -> x.getOrDefault(name, 0L)).toArray(),
                names.stream().mapToDouble(name -> y.getOrDefault(name, 0L)).toArray());
    }

    private static ColumnDrift.Index index(long[] before, long[] now, DriftLimits limits, int tests) {
        double level = limits.alpha() / Math.max(1, tests);
        Psi psi = Psi.of(before, now);
        PsiDecision warn = PsiDecision.of(before, now, limits.warn(), level);
        return new ColumnDrift.Index(
                psi.value(),
                psi.corrected(),
                psi.degrees() + 1,
                warn.pAbove(),
                psi.pAbove(limits.act()),
                level,
                warn.verdict(),
                warn.needed());
    }

    private static ColumnDrift.Apart share(long before, long n, long now, long m, double p) {
        return new ColumnDrift.Apart(n == 0 ? 0 : (double) before / n, m == 0 ? 0 : (double) now / m, p, p);
    }

    private static List<ColumnDrift.Moved> moved(long[] before, long[] now, List<String> names) {
        double n = Arrays.stream(before).sum();
        double m = Arrays.stream(now).sum();
        List<ColumnDrift.Moved> moved = new ArrayList<>();
        for (int bin = 0; bin < before.length; bin++) {
            if (before[bin] + now[bin] > 0 && n > 0 && m > 0) {
                moved.add(new ColumnDrift.Moved(
                        names.get(bin), before[bin] / n, now[bin] / m, Psi.contribution(before, now, bin)));
            }
        }
        moved.sort(Comparator.comparingDouble((ColumnDrift.Moved one) -> -one.contribution()));
        return moved;
    }
}
