// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

/// Cells for a named feature of any range.
///
/// - An integer 0 to 1,024 is its own cell: cell 7 holds 7 and nothing else.
/// - Any other positive value lies in a 1 % log cell: `10_000 + (cell of LogGrid - smallest cell of LogGrid)`.
/// - A negative value lies in the mirror of its absolute value's log cell: `-cell`, integers included.
/// - Missing and infinite values stand apart, with LogGrid's numbers.
///
/// **Order.** A larger value never has a smaller cell within the negatives, the integers 0 to 1,024, and the other
/// positives; negatives lie before integers, integers before the other positives. The one exception to value order: a
/// fraction below 1,024 lies behind all small integers (2.5 behind 3). A feature of integers, of negatives, or with no
/// integers at all is therefore in order throughout. Sort by [#value(int)] where a mixed feature must be drawn in
/// order;
/// distances over bins (PSI) need a partition only.
public final class ValueGrid {
    public static final int LARGEST_EXACT = 1024;
    public static final int MISSING = LogGrid.MISSING;
    public static final int NEGATIVE_INFINITY = LogGrid.NEGATIVE_INFINITY;
    public static final int POSITIVE_INFINITY = LogGrid.POSITIVE_INFINITY;

    private static final int OFFSET = 10_000;
    private static final int SHIFT = OFFSET - LogGrid.FIRST;

    private ValueGrid() {}

    public static int cell(double value) {
        if (!Double.isFinite(value)) {
            return LogGrid.cell(value);
        }
        if (value >= 0 && value <= LARGEST_EXACT && value == Math.rint(value)) {
            return (int) value;
        }
        int behind = LogGrid.cell(Math.abs(value)) + SHIFT;
        return value > 0 ? behind : -behind;
    }

    public static double lower(int cell) {
        return isExact(cell)
                ? cell
                : cell < 0 && !LogGrid.isApart(cell) ? -LogGrid.upper(log(-cell)) : LogGrid.lower(log(cell));
    }

    public static double upper(int cell) {
        return isExact(cell)
                ? cell
                : cell < 0 && !LogGrid.isApart(cell) ? -LogGrid.lower(log(-cell)) : LogGrid.upper(log(cell));
    }

    /// The integer of an exact cell, else a value within 1 % of all that the cell holds.
    public static double value(int cell) {
        return isExact(cell)
                ? cell
                : cell < 0 && !LogGrid.isApart(cell) ? -LogGrid.value(log(-cell)) : LogGrid.value(log(cell));
    }

    private static boolean isExact(int cell) {
        return cell >= 0 && cell <= LARGEST_EXACT;
    }

    private static int log(int cell) {
        if (LogGrid.isApart(cell)) {
            return cell;
        }
        if (cell < OFFSET || cell - SHIFT > LogGrid.LAST) {
            throw new IllegalArgumentException("ValueGrid: there is no cell " + cell + "; cells are 0 to "
                    + LARGEST_EXACT + " and " + OFFSET + " to " + (LogGrid.LAST + SHIFT)
                    + ", and the mirror of the latter. Was it counted on another grid?");
        }
        return cell - SHIFT;
    }
}
