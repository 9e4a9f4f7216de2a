// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.special.Counts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Confidence against correctness on the 1,024 cells of [UnitGrid]: what equal-mass bins, Brier score
/// and AUROC need, in counts that merge exactly. Mutable; one thread at a time.
///
/// Each confidence counts in units of 2^-30 (below one billionth), so sums are integers and merging is
/// associative and commutative; equal contents are equal, and encode to equal bytes. It holds up to
/// 2^33 - 1 answers, so that no sum of units passes 2^63; more are refused, and leave it as it was. About
/// 32 kB; encoded 5 to 20 bytes per cell in use.
public final class ConfidenceTable {
    private static final double UNIT = 0x1p-30;
    private static final int CELL_UNITS_BITS = 20;

    /// Each answer has at most 2^30 units.
    static final long MOST = (1L << 33) - 1;

    private static final byte KIND = 'C';
    private static final byte VERSION = 1;

    private final long[] wrong = new long[UnitGrid.CELLS];
    private final long[] right = new long[UnitGrid.CELLS];
    private final long[] wrongUnits = new long[UnitGrid.CELLS];
    private final long[] rightUnits = new long[UnitGrid.CELLS];
    private long total;

    public void add(double confidence, boolean correct) {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("ConfidenceTable: confidence " + confidence
                    + " must lie in [0, 1]; leave out answers without one.");
        }
        total = totalWith(1);
        int cell = UnitGrid.cell(confidence);
        long units = (long) Math.rint(confidence / UNIT);
        if (correct) {
            right[cell]++;
            rightUnits[cell] += units;
        } else {
            wrong[cell]++;
            wrongUnits[cell] += units;
        }
    }

    /// Adds all that the other one counted, or, where that is too much, nothing.
    public void merge(ConfidenceTable other) {
        total = totalWith(other.total);
        for (int i = 0; i < UnitGrid.CELLS; i++) {
            wrong[i] += other.wrong[i];
            right[i] += other.right[i];
            wrongUnits[i] += other.wrongUnits[i];
            rightUnits[i] += other.rightUnits[i];
        }
    }

    /// Within the most, no sum below can overflow.
    private long totalWith(long more) {
        long sum = Counts.add(total, more);
        if (sum > MOST) {
            throw new IllegalArgumentException("ConfidenceTable: " + total + " answers and " + more
                    + " more are beyond the " + MOST + " that it can hold; count shorter periods apart.");
        }
        return sum;
    }

    public long total() {
        return total;
    }

    /// Correct answers of each cell, in order of confidence.
    public long[] correct() {
        return right.clone();
    }

    /// Wrong answers of each cell, in order of confidence.
    public long[] wrong() {
        return wrong.clone();
    }

    /// Mean of (confidence - correct)², up to 2.4e-7 below the exact one (the variance within cells).
    /// NaN if empty.
    public double brier() {
        double sum = 0;
        for (int i = 0; i < UnitGrid.CELLS; i++) {
            if (wrong[i] > 0) {
                double mean = wrongUnits[i] * UNIT / wrong[i];
                sum += wrong[i] * mean * mean;
            }
            if (right[i] > 0) {
                double mean = rightUnits[i] * UNIT / right[i];
                sum += right[i] * (1 - mean) * (1 - mean);
            }
        }
        return sum / total;
    }

    /// Bins of about equal mass as unions of cells: each of the cuts of NumPy's array_split (the first
    /// n mod bins parts one larger) is moved to the end of the cell that holds it; repeated cuts are
    /// one. Equal to [CalibrationBins#equalMass] where cuts fall between cells, but for 2^-31 per
    /// confidence. Unlike it, equal confidences are never torn apart. No bins if empty.
    public CalibrationBins equalMass(int bins) {
        if (bins < 1) {
            throw new IllegalArgumentException("ConfidenceTable: " + bins + " bins; there must be at least 1 (15).");
        }
        long[] n = new long[UnitGrid.CELLS];
        long[] correct = new long[UnitGrid.CELLS];
        double[] sums = new double[UnitGrid.CELLS];
        int bin = 0;
        long seen = 0;
        long units = 0;
        for (int i = 0; i < UnitGrid.CELLS; i++) {
            long here = wrong[i] + right[i];
            if (here == 0) {
                continue;
            }
            n[bin] += here;
            correct[bin] += right[i];
            units += wrongUnits[i] + rightUnits[i];
            if (holdsCut(seen, seen + here, total, bins)) {
                sums[bin] = units * UNIT;
                units = 0;
                bin++;
            }
            seen += here;
        }
        return new CalibrationBins(Arrays.copyOf(n, bin), Arrays.copyOf(correct, bin), Arrays.copyOf(sums, bin));
    }

    /// Whether one of the ranks where parts end lies in (from, to].
    private static boolean holdsCut(long from, long to, long total, int bins) {
        return partsWithin(to, total, bins) > partsWithin(from, total, bins);
    }

    /// How many whole parts the first observations fill.
    private static long partsWithin(long seen, long total, int bins) {
        long size = total / bins;
        long larger = total % bins;
        if (seen <= larger * (size + 1)) {
            return seen / (size + 1);
        }
        return larger + (seen - larger * (size + 1)) / size;
    }

    /// Kind, version, number of cells in use, then for each cell: distance to the one before, wrong,
    /// right, units of the wrong, units of the right. Numbers as base-128 varints, lowest digits first,
    /// without leading zeros.
    public byte[] encode() {
        Varints.Writer out = new Varints.Writer(KIND, VERSION);
        int used = 0;
        for (int i = 0; i < UnitGrid.CELLS; i++) {
            used += wrong[i] + right[i] > 0 ? 1 : 0;
        }
        out.put(used);
        int last = -1;
        for (int i = 0; i < UnitGrid.CELLS; i++) {
            if (wrong[i] + right[i] > 0) {
                out.put(i - last);
                out.put(wrong[i]);
                out.put(right[i]);
                out.put(wrongUnits[i]);
                out.put(rightUnits[i]);
                last = i;
            }
        }
        return out.bytes();
    }

    /// Refuses whatever [#encode] cannot have written.
    public static ConfidenceTable decode(byte[] bytes) {
        Varints.Reader in = new Varints.Reader("ConfidenceTable", bytes, KIND, VERSION);
        ConfidenceTable table = new ConfidenceTable();
        long used = in.next();
        long cell = -1;
        for (long i = 0; i < used; i++) {
            long step = in.next();
            if (step < 1 || step > UnitGrid.CELLS - 1 - cell) {
                throw in.broken("cell " + cell + " is followed by one " + step + " further");
            }
            cell += step;
            int at = (int) cell;
            long wrong = in.next();
            long right = in.next();
            if (wrong > MOST || right > MOST || wrong + right > MOST - table.total) {
                throw in.broken("with cell " + cell + " it counts more than " + MOST + " answers");
            }
            table.wrong[at] = wrong;
            table.right[at] = right;
            table.wrongUnits[at] = in.next();
            table.rightUnits[at] = in.next();
            table.total += wrong + right;
            if (wrong + right == 0
                    || !possible(at, wrong, table.wrongUnits[at])
                    || !possible(at, right, table.rightUnits[at])) {
                throw in.broken("counts and confidence sums of cell " + cell + " do not fit");
            }
        }
        in.end();
        return table;
    }

    /// A confidence just below the upper bound of its cell rounds to it. At most 2^33 · 2^30: no overflow.
    private static boolean possible(int cell, long count, long units) {
        return units >= count * ((long) cell << CELL_UNITS_BITS) && units <= count * ((cell + 1L) << CELL_UNITS_BITS);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConfidenceTable that
                && Arrays.equals(wrong, that.wrong)
                && Arrays.equals(right, that.right)
                && Arrays.equals(wrongUnits, that.wrongUnits)
                && Arrays.equals(rightUnits, that.rightUnits);
    }

    @Override
    public int hashCode() {
        int counts = 31 * Arrays.hashCode(wrong) + Arrays.hashCode(right);
        return 31 * (31 * counts + Arrays.hashCode(wrongUnits)) + Arrays.hashCode(rightUnits);
    }

    @Override
    public String toString() {
        return "ConfidenceTable[" + total() + " answers, " + CalibrationBins.sum(right) + " correct]";
    }
}
