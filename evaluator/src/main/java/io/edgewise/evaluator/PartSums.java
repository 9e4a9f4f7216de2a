// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Parts that flushes appended, added up: per key of evidence, and per window.
public final class PartSums {
    /// What evidence gains. `lastAppendMs` is the latest of its parts.
    public record Gain(Tally tally, long lastAppendMs) {}

    private final Map<EvidenceKey, Gain> evidence = new LinkedHashMap<>();
    private final Map<PeriodKey, Tally> windows = new LinkedHashMap<>();
    private final Map<String, String> words = new HashMap<>();

    public void add(BookChanges.Part part) {
        EvidenceKey key = part.key();
        for (BookChanges.Slice slice : part.slices()) {
            String name = words.computeIfAbsent(slice.name(), fresh -> fresh);
            if (!key.rollout().isEmpty()) {
                Gain held = evidence.get(at(key, name));
                Tally tally = held == null ? new Tally() : held.tally();
                LabelCap.merge(tally, Tally.decode(slice.counted()));
                evidence.put(
                        at(key, name),
                        new Gain(tally, Math.max(slice.lastAppendMs(), held == null ? 0 : held.lastAppendMs())));
            }
            if (part.minute().isPresent()) {
                Tally window =
                        windows.computeIfAbsent(period(key, part.minute().getAsLong(), name), fresh -> new Tally());
                LabelCap.merge(window, Tally.decode(slice.counted()));
                if (slice.shown().length > 0) {
                    LabelCap.merge(window, Tally.decode(slice.shown()));
                }
            }
        }
    }

    public Map<EvidenceKey, Gain> evidence() {
        return evidence;
    }

    /// By minute.
    public Map<PeriodKey, Tally> windows() {
        return windows;
    }

    private static EvidenceKey at(EvidenceKey key, String slice) {
        Stratum stratum = key.stratum();
        return stratum.slice().equals(slice)
                ? key
                : new EvidenceKey(
                        key.tenant(),
                        key.workload(),
                        key.rollout(),
                        new Stratum(
                                stratum.stage(),
                                stratum.cohort(),
                                stratum.pairingRateBp(),
                                stratum.escalated(),
                                slice));
    }

    private static PeriodKey period(EvidenceKey key, long minute, String slice) {
        Stratum stratum = key.stratum();
        return new PeriodKey(
                key.tenant(),
                key.rollout(),
                key.workload(),
                slice,
                stratum.stage(),
                stratum.cohort().getNumber(),
                minute);
    }
}
