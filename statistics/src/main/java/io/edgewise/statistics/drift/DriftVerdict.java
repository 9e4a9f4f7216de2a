// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

/// What a drift test says of one window. A side without data is [#UNDECIDED]; when that becomes "no
/// evidence" is for the caller's clock to say.
public enum DriftVerdict {
    /// Drift beyond the limit is shown.
    BREACH,
    /// Stability within the limit is shown.
    SAFE,
    /// Neither is shown.
    UNDECIDED
}
