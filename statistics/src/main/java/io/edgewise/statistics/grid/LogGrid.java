// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

import com.datadoghq.sketch.ddsketch.mapping.BitwiseLinearlyInterpolatedMapping;

/// Logarithmic cells of 1 % relative error for positive quantities (latency, cost, entropy).
///
/// Every power of two is cut into 64 cells of equal width, by the bits of the double alone: a value falls into the same
/// cell, and a cell has the same edges, on every machine. Cell `c` holds `[lower(c), upper(c))` and
/// `upper(c) == lower(c + 1)`, so a threshold laid on an edge counts exactly from cells.
///
/// Zero and finite negative values share [#ZERO], below all other finite values; subnormal values join the smallest
/// cell. [#MISSING] and the infinities stand apart, with the same numbers on every grid.
public final class LogGrid {
    public static final int ZERO = -1_000_000;
    public static final int MISSING = -1_000_001;
    public static final int NEGATIVE_INFINITY = -1_000_002;
    public static final int POSITIVE_INFINITY = 1_000_001;

    /// Six binary digits of the significand: half a cell is at most 1/128 of the value.
    private static final BitwiseLinearlyInterpolatedMapping MAPPING = new BitwiseLinearlyInterpolatedMapping(6);

    static final int FIRST = MAPPING.index(Double.MIN_NORMAL);
    static final int LAST = MAPPING.index(Double.MAX_VALUE);

    private LogGrid() {}

    public static int cell(double value) {
        if (Double.isNaN(value)) {
            return MISSING;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
        }
        return value <= 0 ? ZERO : MAPPING.index(Math.max(value, Double.MIN_NORMAL));
    }

    /// Smallest value of the cell; 0 for [#ZERO], NaN for [#MISSING].
    public static double lower(int cell) {
        return isOrdinary(cell) ? MAPPING.lowerBound(cell) : point(cell);
    }

    /// The first value beyond the cell; for cells that are points, the point itself.
    public static double upper(int cell) {
        return isOrdinary(cell) ? MAPPING.lowerBound(cell + 1) : point(cell);
    }

    /// A value that differs from every value of the cell by less than 1 %.
    public static double value(int cell) {
        if (!isOrdinary(cell)) {
            return point(cell);
        }
        double low = lower(cell);
        double width = cell == LAST ? Double.MAX_VALUE - low : upper(cell) - low;
        return low + width / 2;
    }

    /// Whether the cell holds no finite values on any grid: missing, or infinite.
    public static boolean isApart(int cell) {
        return cell == MISSING || cell == NEGATIVE_INFINITY || cell == POSITIVE_INFINITY;
    }

    private static boolean isOrdinary(int cell) {
        return cell >= FIRST && cell <= LAST;
    }

    private static double point(int cell) {
        return switch (cell) {
            case ZERO -> 0;
            case MISSING -> Double.NaN;
            case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
            case POSITIVE_INFINITY -> Double.POSITIVE_INFINITY;
            default ->
                throw new IllegalArgumentException("LogGrid: there is no cell " + cell + "; cells run from " + FIRST
                        + " to " + LAST + ". Was it counted on another grid?");
        };
    }
}
