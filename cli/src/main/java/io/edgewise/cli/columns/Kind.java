// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import java.util.Locale;

/// What a column's values are.
public enum Kind {
    /// Numbers on a line.
    NUMERIC,
    /// Names without an order.
    CATEGORICAL;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
