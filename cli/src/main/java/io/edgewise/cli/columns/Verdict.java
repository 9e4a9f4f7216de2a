// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

/// What the values say of a column.
public enum Verdict {
    /// Drift beyond a limit is shown.
    DRIFT,
    /// An index within the first limit is shown, and nothing else has moved.
    STABLE,
    /// Neither is shown: more rows are needed.
    UNDECIDED
}
