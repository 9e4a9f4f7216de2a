// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// What a lane has to store in one transaction: where it goes on, what changed in its marks and blocks, and
/// its totals.
///
/// @param fromOffset where it went on when it was stored last: what is stored here is built on that and on
/// nothing else
@SuppressWarnings("ArrayRecordComponent") // lives from the fold to the statement
public record LaneChanges(long fromOffset, long nextOffset, long lastAppendMs, byte[] log, LaneTotals totals) {
    /// Whether any mark or block changed.
    public boolean hasLog() {
        return log.length > 1;
    }

    /// What the log grows by.
    public int logBytes() {
        return hasLog() ? log.length : 0;
    }
}
