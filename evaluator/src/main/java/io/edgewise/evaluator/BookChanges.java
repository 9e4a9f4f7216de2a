// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// What a book has to store in one transaction: parts of evidence and windows, disagreements and answers to reference
/// sets as additions, counters as totals.
///
/// @param parts as often as they are asked for, until something is added to the book
public record BookChanges(
        Iterable<Part> parts,
        List<Map.Entry<String, Long>> counters,
        Set<String> rollouts,
        List<Disagreement> disagreements,
        List<Holdout> holdouts) {
    public static final BookChanges NONE = new BookChanges(List.of(), List.of(), Set.of(), List.of(), List.of());

    /// The bytes of a tally that has nothing in it.
    static final byte[] NOTHING = new byte[0];

    /// What one stratum added in one minute of event time. `key` is the one of the slice "all"; without a rollout it is
    /// in windows only, and without a minute in evidence only. The first slice is "all".
    public record Part(EvidenceKey key, OptionalLong minute, List<Slice> slices) {
        public Part {
            if (slices.isEmpty() || !slices.getFirst().name().equals(Stratum.ALL)) {
                throw new IllegalArgumentException("a part begins with the slice " + Stratum.ALL + ": " + key);
            }
        }
    }

    /// @param counted what evidence and windows add, as a tally's bytes
    /// @param shown what windows add to that; empty where it is nothing
    /// @param lastAppendMs when the last observation was appended; 0 when there was none: feedback says nothing of
    ///     that, nor do blocks that end by time
    @SuppressWarnings("ArrayRecordComponent") // lives from the fold to the statement
    public record Slice(String name, byte[] counted, byte[] shown, long lastAppendMs) {}

    /// A pair that disagreed, drawn for the sample of its window. `observation` is what [Excerpt] keeps of it.
    @SuppressWarnings("ArrayRecordComponent") // lives from the fold to the statement
    public record Disagreement(WindowKey window, long chance, byte[] observation) {}

    /// What was added to the answers of a build to a reference set.
    public record Holdout(HoldoutAnswers.Key key, HoldoutAnswers.Sums sums) {}
}
