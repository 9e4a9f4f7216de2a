// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.special.Counts;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The bins of a baseline: unions of cells of a fixed grid, frozen with the baseline, so that any
/// baseline can be laid on any window.
///
/// A cell that holds at least 1/B of the baseline is an atom with a bin of its own. The rest, r of n
/// observations, is cut at its ranks ⌈k r / R⌉, k = 1 .. R-1, with R = max(1, round(B r / n)); repeated
/// cuts are merged. Without atoms these are the order statistics ⌈k n / B⌉. With atoms, ranks ⌈k n / B⌉
/// of the rest would leave a last bin of whatever remains, often a handful of observations, which no χ²
/// law holds for; ranks ⌈k r / R⌉ give the rest bins of equal mass, (1 ± 1/2R)/B each but for the mass
/// of single cells.
///
/// Bins of the rest are (lo, hi] in cell order with the outer ones open, so a cell that the baseline
/// never saw has a bin too; where every cell is an atom, one more bin awaits unseen cells. Missing and
/// infinite values are in no bin: their shares, and the share of unseen cells, are tested apart by
/// [ApartShares].
///
/// Bins are numbered: the rest in ascending order, then the atoms in ascending order.
///
/// @param atoms cells with a bin of their own, ascending
/// @param cuts last cell of every bin of the rest but the last, ascending
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record ReferenceBins(int[] atoms, int[] cuts) {
    private static final int MOST_BINS = 1 << 20;

    public ReferenceBins {
        atoms = atoms.clone();
        cuts = cuts.clone();
        requireAscending("atoms", atoms);
        requireAscending("cuts", cuts);
    }

    public static ReferenceBins of(Cells baseline, int bins) {
        if (bins < 2 || bins > MOST_BINS) {
            throw new IllegalArgumentException(
                    "ReferenceBins: " + bins + " bins; drift needs at least 2 (default 10) and at most 2^20.");
        }
        int[] cells = baseline.cells();
        long[] counts = baseline.counts();
        long n = 0;
        for (int i = 0; i < cells.length; i++) {
            n += LogGrid.isApart(cells[i]) ? 0 : counts[i];
        }
        int[] atoms = new int[cells.length];
        int found = 0;
        long rest = n;
        for (int i = 0; i < cells.length; i++) {
            if (!LogGrid.isApart(cells[i]) && Counts.times(counts[i], (long) bins) >= n) {
                atoms[found++] = cells[i];
                rest -= counts[i];
            }
        }
        atoms = Arrays.copyOf(atoms, found);
        return new ReferenceBins(atoms, cuts(cells, counts, atoms, rest, restBins(rest, n, bins)));
    }

    /// Bins of a categorical feature, whose cells have no order: the `most` most frequent categories
    /// are atoms (at equal counts the smaller cell first), and bin 0 holds all others, those never seen
    /// in the baseline included.
    public static ReferenceBins ofCategories(Cells baseline, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("ReferenceBins: " + most + " categories; keep at least 1 (default 20).");
        }
        return new ReferenceBins(
                Arrays.stream(baseline.cells())
                        .filter(cell -> !LogGrid.isApart(cell))
                        .boxed()
                        .sorted(Comparator.comparingLong((Integer cell) -> -baseline.count(cell))
                                .thenComparingInt(cell -> cell))
                        .limit(most)
                        .mapToInt(Integer::intValue)
                        .sorted()
                        .toArray(),
                new int[0]);
    }

    /// ROUND(bins · rest / n) in integers, at least 1.
    private static long restBins(long rest, long n, int bins) {
        return n == 0 ? 1 : Math.max(1, (Counts.times(rest, 2L * bins) + n) / (2 * n));
    }

    private static int[] cuts(int[] cells, long[] counts, int[] atoms, long rest, long bins) {
        int[] cuts = new int[(int) bins];
        int found = 0;
        long seen = 0;
        long k = 1;
        for (int i = 0; i < cells.length && k < bins; i++) {
            if (LogGrid.isApart(cells[i]) || Arrays.binarySearch(atoms, cells[i]) >= 0) {
                continue;
            }
            seen += counts[i];
            boolean cut = false;
            while (k < bins && (k * rest + bins - 1) / bins <= seen) {
                cut = true;
                k++;
            }
            if (cut) {
                cuts[found++] = cells[i];
            }
        }
        return Arrays.copyOf(cuts, found);
    }

    @Override
    public int[] atoms() {
        return atoms.clone();
    }

    @Override
    public int[] cuts() {
        return cuts.clone();
    }

    public int bins() {
        return cuts.length + 1 + atoms.length;
    }

    /// The bin of a cell that does not stand apart.
    public int bin(int cell) {
        if (LogGrid.isApart(cell)) {
            throw new IllegalArgumentException(
                    "ReferenceBins: cell " + cell + " is missing or infinite; count it by missing().");
        }
        int atom = Arrays.binarySearch(atoms, cell);
        if (atom >= 0) {
            return cuts.length + 1 + atom;
        }
        int cut = Arrays.binarySearch(cuts, cell);
        return cut >= 0 ? cut : -cut - 1;
    }

    /// Observations in each bin, of any counts on the same grid.
    public long[] counts(Cells observed) {
        int[] cells = observed.cells();
        long[] counts = observed.counts();
        long[] binned = new long[bins()];
        for (int i = 0; i < cells.length; i++) {
            if (!LogGrid.isApart(cells[i])) {
                int bin = bin(cells[i]);
                binned[bin] = Counts.add(binned[bin], counts[i]);
            }
        }
        return binned;
    }

    /// Observations in no bin: missing or infinite. To be tested apart.
    public long missing(Cells observed) {
        return observed.count(LogGrid.MISSING)
                + observed.count(LogGrid.NEGATIVE_INFINITY)
                + observed.count(LogGrid.POSITIVE_INFINITY);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReferenceBins that
                && Arrays.equals(atoms, that.atoms)
                && Arrays.equals(cuts, that.cuts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(atoms) + Arrays.hashCode(cuts);
    }

    @Override
    public String toString() {
        return "ReferenceBins[atoms=" + Arrays.toString(atoms) + ", cuts=" + Arrays.toString(cuts) + "]";
    }

    private static void requireAscending(String what, int[] cells) {
        for (int i = 0; i < cells.length; i++) {
            if (LogGrid.isApart(cells[i]) || i > 0 && cells[i - 1] >= cells[i]) {
                throw new IllegalArgumentException("ReferenceBins: " + what + " " + Arrays.toString(cells)
                        + " must be ascending, each once, without missing or infinite cells.");
            }
        }
    }
}
