// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import java.util.Set;
import java.util.stream.Collectors;

/// What of the evaluator's counters is evidence: the rest is for people and would only make blocks large.
public final class EvidenceMeasures {
    private static final Set<String> KEPT = Set.of(
            Measures.REQUESTS,
            Measures.ATTEMPTS,
            Measures.ASSIGNED,
            Measures.USER_LATENCY,
            Measures.USER_COST,
            Measures.USER_ENERGY,
            Measures.ARM_COST,
            Measures.PAIRS,
            Measures.PAIR_REFUSALS,
            Measures.WINS,
            Measures.TRUTH,
            Measures.CALIBRATION,
            Measures.CALIBRATION_FIRST,
            Measures.CALIBRATION_GAP,
            Measures.BLOCKS_DISAGREE_SAFE,
            Measures.BLOCKS_DISAGREE,
            Measures.BLOCKS_REFUSAL,
            Measures.BLOCKS_ERROR,
            Measures.BLOCKS_CALIBRATION,
            Measures.BLOCKS_OPENED,
            Measures.BLOCKS_WINS,
            Measures.THUMBS,
            Measures.USER_FIRST_TOKEN,
            Measures.OUTPUT_LENGTH + "1",
            Measures.OUTPUT_LENGTH + "2",
            Fleet.COUNTS,
            HoldoutVerdict.ANSWERS,
            Measures.DEVICES);

    /// Of a slice only what its guardrails ask.
    private static final Set<String> OF_SLICES = Set.of(
            Measures.REQUESTS,
            Measures.PAIRS,
            Measures.PAIR_REFUSALS,
            Measures.TRUTH,
            Measures.ASSIGNED,
            Measures.ATTEMPTS);

    private EvidenceMeasures() {}

    /// What the plan's guardrails ask of slices besides: times are many cells, so they are kept where one asks.
    public static Set<String> ofSlices(Plan plan) {
        return plan.guardrails().stream()
                .filter(guardrail -> guardrail.kind().isBudgetOfSlices())
                .map(guardrail -> SliceVerdict.measure(guardrail.kind()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// A copy with nothing else in it.
    ///
    /// @param besides {@link #ofSlices}
    public static Tally of(String slice, Tally published, Set<String> besides) {
        boolean isAll = slice.equals(Stratum.ALL);
        Set<String> wanted = isAll ? KEPT : OF_SLICES;
        Tally kept = new Tally();
        for (String measure : published.measures()) {
            if (wanted.contains(measure) || !isAll && besides.contains(measure)) {
                Counts counts = published.read(measure);
                for (int bucket : counts.buckets()) {
                    kept.add(measure, bucket, counts.get(bucket));
                }
            }
        }
        return kept;
    }
}
