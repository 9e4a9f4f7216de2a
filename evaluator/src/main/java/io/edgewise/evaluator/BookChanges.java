// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Tally;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a book has to store in one transaction: evidence and counters as totals, windows and
/// disagreements as additions.
public record BookChanges(
        List<EvidenceTotal> evidence,
        List<Map.Entry<WindowKey, Tally>> windows,
        List<Map.Entry<String, Long>> counters,
        Set<String> rollouts,
        List<Disagreement> disagreements) {
    /// All that the book ever counted for the key. `lastAppendMs` is when the stratum's last observation was appended;
    /// 0 when there was none: feedback and blocks that end by time say nothing about whether devices still report.
    public record EvidenceTotal(EvidenceKey key, Tally tally, long lastAppendMs) {}

    /// A pair that disagreed, drawn for the sample of its window. `observation` is what [Excerpt] keeps of it.
    @SuppressWarnings("ArrayRecordComponent") // lives from the fold to the statement
    public record Disagreement(WindowKey window, long chance, byte[] observation) {}
}
