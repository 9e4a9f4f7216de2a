// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;

/// The fixed fine grid that a numeric column is counted on where there are too many values to keep.
public enum Grid {
    /// 1,024 equal cells on [0, 1].
    UNIT {
        @Override
        public int cell(double value) {
            return UnitGrid.cell(value);
        }

        @Override
        public double lower(int cell) {
            return UnitGrid.lower(cell);
        }

        @Override
        public double upper(int cell) {
            return UnitGrid.upper(cell);
        }

        @Override
        public double value(int cell) {
            return UnitGrid.value(cell);
        }
    },
    /// Integers up to 1,024 each by itself, all else within 1 %.
    VALUE {
        @Override
        public int cell(double value) {
            return ValueGrid.cell(value);
        }

        @Override
        public double lower(int cell) {
            return ValueGrid.lower(cell);
        }

        @Override
        public double upper(int cell) {
            return ValueGrid.upper(cell);
        }

        @Override
        public double value(int cell) {
            return ValueGrid.value(cell);
        }
    };

    public abstract int cell(double value);

    public abstract double lower(int cell);

    public abstract double upper(int cell);

    public abstract double value(int cell);
}
