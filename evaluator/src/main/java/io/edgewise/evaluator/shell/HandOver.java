// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.BookChanges;
import io.edgewise.evaluator.LaneChanges;
import io.edgewise.evaluator.Rejected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one flush stores: taken from book and lanes at one moment, which from then on hold only what comes later.
///
/// @param lanes all that changed, and where they stood
/// @param counted what was added to each counter
/// @param moving lanes whose marks and blocks move to rows of their own, as they stood
/// @param records that were folded since the program started
/// @param state what there is to say of the loop once this is stored; null when nobody looked
record HandOver(
        BookClaims.BookClaim book,
        BookChanges changes,
        Map<Claim, LaneChanges> lanes,
        List<Rejected> rejected,
        Map<String, Long> counted,
        Map<Claim, Long> moving,
        LaneWriter rows,
        long records,
        @Nullable LoopState state) {

    /// On the thread of book and lanes.
    static HandOver of(
            LaneStore.OwnedBook held, List<Claim> active, RowsPace pace, Census census, LoopStats stats, long nowMs) {
        Map<Claim, LaneChanges> lanes = new LinkedHashMap<>();
        List<Rejected> rejected = new ArrayList<>();
        for (Claim claim : active) {
            if (claim.lane().isDirty()) {
                LaneChanges changes = claim.lane().changes();
                lanes.put(claim, changes);
                rejected.addAll(claim.lane().rejected());
                claim.lane().written();
                claim.lane().logged(changes.logBytes());
            }
        }
        BookChanges changes = BookChanges.NONE;
        Map<String, Long> counted = Map.of();
        if (!lanes.isEmpty()) {
            changes = held.book().changes();
            counted = held.book().counted();
            held.book().written();
        }
        Map<Claim, Long> moving = new LinkedHashMap<>();
        LaneWriter rows = new LaneWriter();
        for (Claim claim : pace.due(active, nowMs)) {
            moving.put(claim, claim.lane().storedOffset());
            rows.add(claim.lane().id(), claim.lane().rows());
            claim.lane().rowsWritten();
        }
        LoopState state = census.look(held.book().groups(), nowMs);
        return new HandOver(held.claim(), changes, lanes, rejected, counted, moving, rows, stats.records(), state);
    }

    /// Whether there is anything to store or to say.
    boolean isNeeded() {
        return !lanes.isEmpty() || !moving.isEmpty() || state != null;
    }

    /// Bytes that are added to the lanes' logs.
    long logBytes() {
        return lanes.values().stream().mapToLong(LaneChanges::logBytes).sum();
    }
}
