// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

/// Cells for a named feature of any range: a larger value never has a smaller cell.
///
/// - Every integer -1,024 to 1,024 is its own cell, which holds nothing else.
/// - Other values up to 64 and beyond 1,024 lie in the 1 % cells of [LogGrid]; those from 64 to 1,024 lie
///   in one cell for each gap between two integers (also within 1 %). Integers are edges of these cells.
/// - A negative value lies in the mirror of its absolute value: `cell(-v) == -cell(v)`; `cell(0) == 0`.
/// - Missing and infinite values stand apart, with LogGrid's numbers.
///
/// Numbering, the same for ever: count the cells above from the smallest positive one (0), split each
/// into its lower edge and the rest; the rest of cell `s` has number `2s + 3`, its edge, if an integer of
/// its own, `2s + 2`. Subnormal values join the smallest cell.
public final class ValueGrid {
    public static final int LARGEST_EXACT = 1024;
    public static final int MISSING = LogGrid.MISSING;
    public static final int NEGATIVE_INFINITY = LogGrid.NEGATIVE_INFINITY;
    public static final int POSITIVE_INFINITY = LogGrid.POSITIVE_INFINITY;

    /// From here log cells are wider than the gap between integers.
    private static final int GAPS_FROM = 64;

    /// Steps are the cells before the split: log cells, gaps between integers, log cells again.
    private static final int FIRST_GAP = LogGrid.cell(GAPS_FROM);

    private static final int FIRST_BEYOND = FIRST_GAP + LARGEST_EXACT - GAPS_FROM;
    private static final int SHIFT = FIRST_BEYOND - LogGrid.cell(LARGEST_EXACT);
    private static final int LAST = number(LogGrid.LAST + SHIFT, false);

    private ValueGrid() {}

    public static int cell(double value) {
        if (!Double.isFinite(value)) {
            return LogGrid.cell(value);
        }
        double size = Math.abs(value);
        if (size == 0) {
            return 0;
        }
        int cell = number(step(size), size <= LARGEST_EXACT && size == (int) size);
        return value > 0 ? cell : -cell;
    }

    /// Largest lower bound of the cell. The value itself lies in the cell unless it is an integer with
    /// its own cell.
    public static double lower(int cell) {
        if (LogGrid.isApart(cell)) {
            return LogGrid.lower(cell);
        }
        return cell < 0 ? -largest(-cell) : smallest(cell);
    }

    /// Smallest upper bound of the cell.
    public static double upper(int cell) {
        if (LogGrid.isApart(cell)) {
            return LogGrid.upper(cell);
        }
        return cell < 0 ? -smallest(-cell) : largest(cell);
    }

    /// The integer of an exact cell, else a value within 1 % of all that the cell holds.
    public static double value(int cell) {
        if (LogGrid.isApart(cell)) {
            return LogGrid.value(cell);
        }
        return cell < 0 ? -middle(-cell) : middle(cell);
    }

    private static int number(int step, boolean exact) {
        return 2 * (step - LogGrid.FIRST) + (exact ? 2 : 3);
    }

    private static int step(double size) {
        if (size < GAPS_FROM) {
            return LogGrid.cell(size);
        }
        return size <= LARGEST_EXACT ? FIRST_GAP + (int) size - GAPS_FROM : LogGrid.cell(size) + SHIFT;
    }

    private static double smallest(int cell) {
        return cell == 0 ? 0 : edge(valid(cell));
    }

    private static double largest(int cell) {
        return cell == 0 || isExact(cell) ? smallest(cell) : edge(valid(cell) + 1);
    }

    private static double middle(int cell) {
        if (cell == 0 || isExact(cell)) {
            return smallest(cell);
        }
        int step = valid(cell);
        if (step < FIRST_GAP) {
            return LogGrid.value(step);
        }
        return step < FIRST_BEYOND ? edge(step) + 0.5 : LogGrid.value(step - SHIFT);
    }

    private static boolean isExact(int cell) {
        return cell % 2 == 0;
    }

    private static double edge(int step) {
        if (step == LogGrid.FIRST) {
            return 0;
        }
        if (step < FIRST_GAP) {
            return LogGrid.lower(step);
        }
        return step < FIRST_BEYOND ? step - FIRST_GAP + GAPS_FROM : beyond(step - SHIFT);
    }

    private static double beyond(int log) {
        return log > LogGrid.LAST ? LogGrid.upper(LogGrid.LAST) : LogGrid.lower(log);
    }

    /// The step of a positive cell.
    private static int valid(int cell) {
        int step = (cell - 2) / 2 + LogGrid.FIRST;
        boolean known = cell > 2 && cell <= LAST;
        if (known && isExact(cell)) {
            double edge = edge(step);
            known = edge >= 1 && edge <= LARGEST_EXACT && edge == (int) edge;
        }
        if (!known) {
            throw new IllegalArgumentException(
                    "ValueGrid: there is no cell " + cell + "; cells are 0, odd numbers 3 to "
                            + LAST + ", an even one for each integer to " + LARGEST_EXACT
                            + ", and their mirror. Was it counted on another grid?");
        }
        return step;
    }
}
