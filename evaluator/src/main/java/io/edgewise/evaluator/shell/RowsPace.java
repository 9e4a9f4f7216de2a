// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Which lanes move their marks from the log to rows of their own, and when: the longest logs first, a few lanes at a
/// time so that nobody waits for long to be counted, a tenth of the time at most, and without waiting where a log grew
/// very long.
final class RowsPace {
    private static final long LONG_LOG = 16 << 20;
    private static final long QUIET_MS = 250;
    private static final int MOST_ROWS = 1_500;
    private static final int SHARE = 10;

    private long notBeforeMs;

    List<Claim> due(List<Claim> claims, long nowMs) {
        List<Claim> candidates = new ArrayList<>();
        boolean isRested = nowMs >= notBeforeMs;
        for (Claim claim : claims) {
            long bytes = claim.lane().logBytes();
            if (!claim.lane().isDirty() && bytes > (isRested ? 0 : LONG_LOG)) {
                candidates.add(claim);
            }
        }
        candidates.sort(Comparator.comparingLong((Claim claim) -> claim.lane().logBytes())
                .reversed());
        List<Claim> due = new ArrayList<>();
        int rows = 0;
        for (Claim claim : candidates) {
            rows += claim.lane().waitingRows();
            if (!due.isEmpty() && rows > MOST_ROWS) {
                break;
            }
            due.add(claim);
        }
        return due;
    }

    void took(long ms, long nowMs) {
        notBeforeMs = nowMs + Math.max(QUIET_MS, SHARE * ms);
    }
}
