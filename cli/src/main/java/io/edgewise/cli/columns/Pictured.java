// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.drift.SampleDistances;
import io.edgewise.statistics.grid.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/// Two sides of a numeric column on the same cells: the ranks of their different values where all are known, the
/// grid's cells else.
///
/// @param low a cell's lower edge; the value itself where cells are values
/// @param high the upper edge
record Pictured(
        Cells baseline,
        Cells current,
        KolmogorovSmirnov test,
        double testAt,
        SampleDistances distances,
        IntToDoubleFunction low,
        IntToDoubleFunction high,
        String counted,
        List<String> notes) {
    private static final double COARSE = 0.1;

    static Pictured of(NumericCounts baseline, NumericCounts current) {
        return baseline.isExact() && current.isExact() ? exact(baseline, current) : onGrid(baseline, current);
    }

    private static Pictured exact(NumericCounts baseline, NumericCounts current) {
        double[] x = baseline.values();
        double[] y = current.values();
        double[] different = new double[x.length + y.length];
        System.arraycopy(x, 0, different, 0, x.length);
        System.arraycopy(y, 0, different, x.length, y.length);
        double[] values = Arrays.stream(different).sorted().distinct().toArray();
        KolmogorovSmirnov test = KolmogorovSmirnov.of(x, y);
        return new Pictured(
                ranks(x, values),
                ranks(y, values),
                test,
                test.location(),
                SampleDistances.of(x, y),
                cell -> values[cell],
                cell -> values[cell],
                "every value kept",
                List.of());
    }

    private static Cells ranks(double[] sorted, double[] values) {
        int[] cells = new int[sorted.length];
        long[] counts = new long[sorted.length];
        int found = 0;
        int rank = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                counts[found - 1]++;
                continue;
            }
            while (values[rank] < sorted[i]) {
                rank++;
            }
            cells[found] = rank;
            counts[found++] = 1;
        }
        return new Cells(Arrays.copyOf(cells, found), Arrays.copyOf(counts, found));
    }

    private static Pictured onGrid(NumericCounts baseline, NumericCounts current) {
        Grid grid = baseline.grid();
        Cells before = baseline.onGrid();
        Cells now = current.onGrid();
        KolmogorovSmirnov test = KolmogorovSmirnov.ofCells(before, now);
        List<String> notes = new ArrayList<>();
        long outside = baseline.outside() + current.outside();
        if (outside > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "The first values lay in [0, 1], so cells lie there; %,d values outside are counted in the outer ones.",
                    outside));
        }
        coarse(grid, before, notes);
        return new Pictured(
                before,
                now,
                test,
                Double.isNaN(test.location()) ? Double.NaN : grid.upper((int) test.location()),
                SampleDistances.ofCells(before, now, grid::value),
                grid::lower,
                grid::upper,
                grid == Grid.UNIT ? "1,024 cells on [0, 1]" : "cells of 1 %, whole numbers to 1,024 each by itself",
                notes);
    }

    /// Says where one cell that is no single value holds a bin's worth.
    private static void coarse(Grid grid, Cells cells, List<String> notes) {
        int[] at = cells.cells();
        long[] counts = cells.counts();
        long total = cells.total();
        for (int i = 0; i < at.length; i++) {
            if (grid.lower(at[i]) < grid.upper(at[i]) && counts[i] >= COARSE * total) {
                notes.add(String.format(
                        Locale.ROOT,
                        "%.0f %% of the baseline lie in one cell, %s to %s: movement within it is not seen. --exact "
                                + "keeps more values as they are.",
                        100.0 * counts[i] / total,
                        number(grid.lower(at[i])),
                        number(grid.upper(at[i]))));
                return;
            }
        }
    }

    /// What each bin holds, for people.
    List<String> names(ReferenceBins bins) {
        int[] cuts = bins.cuts();
        int[] atoms = bins.atoms();
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= cuts.length; i++) {
            if (cuts.length == 0) {
                names.add("all other values");
            } else if (i == 0) {
                names.add("up to " + number(high.applyAsDouble(cuts[0])));
            } else if (i == cuts.length) {
                names.add("above " + number(high.applyAsDouble(cuts[i - 1])));
            } else {
                names.add(number(high.applyAsDouble(cuts[i - 1])) + " to " + number(high.applyAsDouble(cuts[i])));
            }
        }
        for (int atom : atoms) {
            double from = low.applyAsDouble(atom);
            double to = high.applyAsDouble(atom);
            names.add(from == to ? "exactly " + number(from) : "from " + number(from) + " to " + number(to));
        }
        return names;
    }

    static String number(double value) {
        if (Math.abs(value) < 1e9 && (value == Math.rint(value) || Math.abs(value) >= 1e3)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains("e") || !text.contains(".")
                ? text
                : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
