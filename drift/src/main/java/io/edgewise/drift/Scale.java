// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import java.util.Locale;

/// The fixed fine grid that a feature is counted on, and how its values are written for people.
public enum Scale {
    /// Shares and probabilities.
    UNIT {
        @Override
        public int cell(double value) {
            return UnitGrid.cell(value);
        }

        @Override
        double lower(int cell) {
            return UnitGrid.lower(cell);
        }

        @Override
        double upper(int cell) {
            return UnitGrid.upper(cell);
        }

        @Override
        String words(double value) {
            return String.format(Locale.ROOT, "%.3f", value);
        }
    },
    /// Positive quantities.
    LOG {
        @Override
        public int cell(double value) {
            return LogGrid.cell(value);
        }

        @Override
        double lower(int cell) {
            return LogGrid.lower(cell);
        }

        @Override
        double upper(int cell) {
            return LogGrid.upper(cell);
        }

        @Override
        String words(double value) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
    },
    /// As LOG, in microseconds.
    DURATION {
        @Override
        public int cell(double value) {
            return LogGrid.cell(value);
        }

        @Override
        double lower(int cell) {
            return LogGrid.lower(cell);
        }

        @Override
        double upper(int cell) {
            return LogGrid.upper(cell);
        }

        @Override
        String words(double value) {
            return String.format(Locale.ROOT, "%.3g ms", value / 1000);
        }
    },
    /// Any numbers; whole ones up to 1,024 exactly.
    VALUE {
        @Override
        public int cell(double value) {
            return ValueGrid.cell(value);
        }

        @Override
        double lower(int cell) {
            return ValueGrid.lower(cell);
        }

        @Override
        double upper(int cell) {
            return ValueGrid.upper(cell);
        }

        @Override
        String words(double value) {
            return value == (long) value
                    ? String.format(Locale.ROOT, "%d", (long) value)
                    : String.format(Locale.ROOT, "%.4g", value);
        }
    },
    /// Categories: a cell is a name's hash and has no order.
    CATEGORY {
        @Override
        public int cell(double value) {
            return ValueGrid.cell(value);
        }

        @Override
        double lower(int cell) {
            return Double.NaN;
        }

        @Override
        double upper(int cell) {
            return Double.NaN;
        }

        @Override
        String words(double value) {
            return VALUE.words(value);
        }
    };

    /// Where a value is counted.
    public abstract int cell(double value);

    abstract double lower(int cell);

    abstract double upper(int cell);

    abstract String words(double value);
}
