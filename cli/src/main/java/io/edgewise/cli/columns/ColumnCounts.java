// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.cli.table.Rows;

/// What is counted of one column of one file (or of one group in it).
sealed interface ColumnCounts permits NumericCounts, CategoryCounts {
    /// Counts the row's value in this column.
    void add(Rows rows, int column);
}
