// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import java.util.Locale;

/// How far a column has moved, as far as its values show.
public enum Severity {
    NONE,
    /// The index is shown to be above the first limit, or the distribution, the missing or the unseen values
    /// have moved by more than an effect that matters.
    WARN,
    /// The index is shown to be above the second limit.
    ACT;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
