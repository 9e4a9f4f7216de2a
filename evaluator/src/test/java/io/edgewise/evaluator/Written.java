// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a book's parts say, one by one.
final class Written {
    private Written() {}

    record Evidence(EvidenceKey key, Tally tally, long lastAppendMs) {}

    /// One row per key.
    static List<Evidence> evidence(BookChanges changes) {
        Map<EvidenceKey, Evidence> rows = new LinkedHashMap<>();
        for (BookChanges.Part part : changes.parts()) {
            for (BookChanges.Slice slice : part.slices()) {
                if (!part.key().rollout().isEmpty()) {
                    Evidence row = new Evidence(
                            withSlice(part.key(), slice.name()), Tally.decode(slice.counted()), slice.lastAppendMs());
                    rows.merge(row.key(), row, Written::plus);
                }
            }
        }
        return List.copyOf(rows.values());
    }

    private static Evidence plus(Evidence one, Evidence other) {
        return new Evidence(
                one.key(), one.tally().plus(other.tally()), Math.max(one.lastAppendMs(), other.lastAppendMs()));
    }

    static List<Map.Entry<WindowKey, Tally>> windows(BookChanges changes) {
        List<Map.Entry<WindowKey, Tally>> rows = new ArrayList<>();
        for (BookChanges.Part part : changes.parts()) {
            if (part.minute().isEmpty()) {
                continue;
            }
            EvidenceKey key = part.key();
            for (BookChanges.Slice slice : part.slices()) {
                Tally tally = Tally.decode(slice.counted());
                if (slice.shown().length > 0) {
                    tally.merge(Tally.decode(slice.shown()));
                }
                rows.add(Map.entry(
                        new WindowKey(
                                key.tenant(),
                                key.workload(),
                                key.rollout(),
                                part.minute().getAsLong(),
                                key.stratum().stage(),
                                key.stratum().cohort(),
                                slice.name()),
                        tally));
            }
        }
        return rows;
    }

    static EvidenceKey withSlice(EvidenceKey key, String slice) {
        Stratum stratum = key.stratum();
        return new EvidenceKey(
                key.tenant(),
                key.workload(),
                key.rollout(),
                new Stratum(stratum.stage(), stratum.cohort(), stratum.pairingRateBp(), stratum.escalated(), slice));
    }
}
