// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import java.util.Locale;

/// The fixed fine grid that a feature is counted on, and how its values are written for people.
public enum Scale {
    /// Shares and probabilities.
    UNIT,
    /// Positive quantities.
    LOG,
    /// As LOG, in microseconds.
    DURATION,
    /// Any numbers; whole ones up to 1,024 exactly.
    VALUE,
    /// Categories: a cell is a name's hash and has no order.
    CATEGORY;

    /// Where a value is counted.
    public int cell(double value) {
        return switch (this) {
            case UNIT -> UnitGrid.cell(value);
            case LOG, DURATION -> LogGrid.cell(value);
            case VALUE, CATEGORY -> ValueGrid.cell(value);
        };
    }

    double lower(int cell) {
        return switch (this) {
            case UNIT -> UnitGrid.lower(cell);
            case LOG, DURATION -> LogGrid.lower(cell);
            case VALUE -> ValueGrid.lower(cell);
            case CATEGORY -> Double.NaN;
        };
    }

    double upper(int cell) {
        return switch (this) {
            case UNIT -> UnitGrid.upper(cell);
            case LOG, DURATION -> LogGrid.upper(cell);
            case VALUE -> ValueGrid.upper(cell);
            case CATEGORY -> Double.NaN;
        };
    }

    String words(double value) {
        return switch (this) {
            case UNIT -> String.format(Locale.ROOT, "%.3f", value);
            case LOG -> String.format(Locale.ROOT, "%.3g", value);
            case DURATION -> String.format(Locale.ROOT, "%.3g ms", value / 1000);
            case VALUE, CATEGORY ->
                value == (long) value
                        ? String.format(Locale.ROOT, "%d", (long) value)
                        : String.format(Locale.ROOT, "%.4g", value);
        };
    }
}
