// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

/// 1,024 equal cells on [0, 1]. Cell `c` holds `[c/1024, (c+1)/1024)`, the last one also 1.
///
/// Finite values outside [0, 1] join the outer cells (a probability that rounding carried past 1);
/// whoever must refuse them does so before counting. Missing and infinite values stand apart.
public final class UnitGrid {
    public static final int CELLS = 1024;
    public static final int MISSING = LogGrid.MISSING;
    public static final int NEGATIVE_INFINITY = LogGrid.NEGATIVE_INFINITY;
    public static final int POSITIVE_INFINITY = LogGrid.POSITIVE_INFINITY;

    private UnitGrid() {}

    public static int cell(double value) {
        if (!Double.isFinite(value)) {
            return LogGrid.cell(value);
        }
        return (int) Math.clamp(Math.floor(value * CELLS), 0, CELLS - 1);
    }

    public static double lower(int cell) {
        return LogGrid.isApart(cell) ? LogGrid.lower(cell) : (double) valid(cell) / CELLS;
    }

    public static double upper(int cell) {
        return LogGrid.isApart(cell) ? LogGrid.upper(cell) : (double) (valid(cell) + 1) / CELLS;
    }

    /// The middle of the cell: within 1/2048 of all that it holds.
    public static double value(int cell) {
        return LogGrid.isApart(cell) ? LogGrid.value(cell) : (valid(cell) + 0.5) / CELLS;
    }

    private static int valid(int cell) {
        if (cell < 0 || cell >= CELLS) {
            throw new IllegalArgumentException("UnitGrid: there is no cell " + cell + "; cells run from 0 to "
                    + (CELLS - 1) + ". Was it counted on another grid?");
        }
        return cell;
    }
}
