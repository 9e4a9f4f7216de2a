// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Needed;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.Optional;
import java.util.OptionalLong;

/// The verdict of a guardrail on the challenger's accuracy on the workload's reference holdout: of all answers that
/// were
/// told since the rollout began, by devices or by people. It speaks of the set and not of users' requests.
public final class HoldoutVerdict {
    /// The measure with the answers. Bucket 0: all; 1: of these, the correct ones.
    public static final String ANSWERS = "holdout.answers";

    private HoldoutVerdict() {}

    static Verdict of(Guardrail guardrail, Terms terms, Evidence evidence) {
        long answers = evidence.holdout(0);
        long devices = evidence.devices(guardrail.kind());
        if (answers == 0) {
            return Totals.nothing(
                    guardrail, terms, Estimand.REQUESTS, devices, "no run over the reference holdout was told yet");
        }
        Values wrong = Values.binary(Math.clamp(answers - evidence.holdout(1), 0, answers), answers);
        double allowed = 1 - guardrail.limit();
        MeanTest safe = new MeanTest(Purpose.SAFE, Side.BELOW, allowed, 0, 1);
        Totals.Standing standing = Totals.Standing.of(
                guardrail,
                terms,
                new MeanTest(Purpose.BREACH, Side.ABOVE, allowed, 0, 1).logE(wrong),
                safe.logE(wrong));
        Outcome outcome = standing.outcome(true);
        return Totals.verdict(
                guardrail,
                outcome,
                Estimand.REQUESTS,
                answers,
                devices,
                standing,
                Lazy.of(() -> shown(guardrail, outcome, wrong, safe, standing)));
    }

    private static Verdict.Shown shown(
            Guardrail guardrail, Outcome outcome, Values wrong, MeanTest safe, Totals.Standing standing) {
        Estimate accuracy = Estimate.ofShare(wrong).complement();
        OptionalLong needed = outcome == Outcome.UNDECIDED
                ? Needed.more(safe, wrong, standing.promotionLimit())
                : OptionalLong.empty();
        String words = switch (outcome) {
            case BREACH -> standing.breachWords() + ", on the reference holdout";
            case SAFE -> "SAFE on the reference holdout, e = " + Words.e(standing.promotion());
            case UNDECIDED ->
                "UNDECIDED, "
                        + (needed.isPresent()
                                ? "about " + Words.count(needed.getAsLong()) + " answers more"
                                : "SAFE is not in reach at this value");
            case NO_EVIDENCE -> "NO-EVIDENCE";
        };
        return new Verdict.Shown(
                Optional.of(accuracy),
                needed,
                OptionalLong.empty(),
                guardrail.kind().title() + " " + Words.percent(accuracy.value()) + " ["
                        + Words.number(accuracy.low() * 100) + ", " + Words.number(accuracy.high() * 100) + "] of "
                        + Words.count(wrong.n(), "answer", "answers") + "; floor " + Words.chosen(guardrail.limit())
                        + ": " + words + ".");
    }
}
