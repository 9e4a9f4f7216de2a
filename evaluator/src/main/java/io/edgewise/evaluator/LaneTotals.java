// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// The accounts of all spools of a lane, added up: what every sequence up to the last ones became.
public record LaneTotals(
        long counted, long late, long rejected, long dropped, long lost, long duplicates, long openGaps, long lastSeq) {
    public static final LaneTotals NONE = new LaneTotals(0, 0, 0, 0, 0, 0, 0, 0);

    /// What of the sequences is not accounted for: 0, unless this program counts wrongly.
    public long imbalance() {
        return lastSeq - counted - late - rejected - dropped - lost - openGaps;
    }

    public LaneTotals plus(LaneTotals other) {
        return new LaneTotals(
                counted + other.counted,
                late + other.late,
                rejected + other.rejected,
                dropped + other.dropped,
                lost + other.lost,
                duplicates + other.duplicates,
                openGaps + other.openGaps,
                lastSeq + other.lastSeq);
    }

    LaneTotals plus(DeviceMark mark) {
        return with(mark, 1);
    }

    LaneTotals minus(DeviceMark mark) {
        return with(mark, -1);
    }

    private LaneTotals with(DeviceMark mark, int sign) {
        DeviceMark.Accounts accounts = mark.accounts();
        return new LaneTotals(
                counted + sign * accounts.counted(),
                late + sign * accounts.late(),
                rejected + sign * accounts.rejected(),
                dropped + sign * accounts.dropped(),
                lost + sign * accounts.lost(),
                duplicates + sign * accounts.duplicates(),
                openGaps + sign * mark.openGaps(),
                lastSeq + sign * mark.lastSeq());
    }
}
