// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Needed;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.Optional;
import java.util.OptionalLong;

/// The verdict of a guardrail on the share of devices of which something bad was told: crashes, breakers, silence.
///
/// Each device counts once, from its first report on, as good until it turns bad, and bad from then on. A bet against
/// the promise that is made device by device on what each will have been in the end is at least as large as the same
/// bet
/// on what each is now, so that the bet holds at every moment, however late devices turn bad. SAFE looks only at
/// devices
/// that have been seen for a while; that time is part of what it says.
final class DeviceVerdict {
    private DeviceVerdict() {}

    static Verdict of(Guardrail guardrail, Terms terms, Evidence evidence) {
        long known = evidence.told(Fleet.KNOWN);
        if (known == 0) {
            return Totals.nothing(guardrail, terms, Estimand.FLEET, 0, "no device has told of itself yet");
        }
        double limit = guardrail.limit();
        long bad = Math.min(known, evidence.told(bucket(guardrail.kind())));
        long settled = Math.clamp(evidence.told(Fleet.SETTLED), bad, known);
        Values all = Values.binary(bad, known);
        Values seen = Values.binary(bad, settled);
        MeanTest against = new MeanTest(Purpose.BREACH, Side.ABOVE, limit, 0, 1);
        MeanTest safe = safe(guardrail);
        Totals.Standing standing = Totals.Standing.of(guardrail, terms, against.logE(all), safe.logE(seen));
        Outcome outcome = standing.outcome(settled >= Judge.SAFE_DEVICES);
        return Totals.verdict(
                guardrail,
                outcome,
                Estimand.FLEET,
                known,
                known,
                standing,
                Lazy.of(() -> shown(guardrail, outcome, all, seen, standing)));
    }

    static MeanTest safe(Guardrail guardrail) {
        return new MeanTest(Purpose.SAFE, Side.BELOW, guardrail.limit(), 0, 1);
    }

    private static int bucket(GuardrailKind kind) {
        return switch (kind) {
            case CRASHES -> Fleet.CRASHED;
            case BREAKERS -> Fleet.BROKE;
            case SILENCE -> Fleet.SILENT;
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    WIN_SHARE,
                    CALIBRATION,
                    LATENCY_P99,
                    COST,
                    ENERGY,
                    COMPLETION,
                    FEEDBACK,
                    OUTPUT_LENGTH,
                    LATENCY_P95,
                    FIRST_TOKEN,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> throw new IllegalArgumentException(kind + " is not told by devices");
        };
    }

    private static Verdict.Shown shown(
            Guardrail guardrail, Outcome outcome, Values all, Values seen, Totals.Standing standing) {
        Estimate estimate = Estimate.ofShare(all);
        OptionalLong more = outcome == Outcome.UNDECIDED
                ? Needed.more(safe(guardrail), seen.n() == 0 ? Values.binary(0, 1) : seen, standing.promotionLimit())
                : OptionalLong.empty();
        OptionalLong needed = more.isEmpty()
                ? more
                : OptionalLong.of(Math.max(more.getAsLong(), Math.max(0, Judge.SAFE_DEVICES - seen.n())));
        String words = switch (outcome) {
            case BREACH -> standing.breachWords();
            case SAFE -> "SAFE for the fleet, e = " + Words.e(standing.promotion());
            case UNDECIDED ->
                "UNDECIDED, "
                        + (needed.isEmpty()
                                ? "SAFE is not in reach at this value"
                                : Words.count(seen.n()) + " of them seen for long enough, SAFE needs about "
                                        + Words.count(needed.getAsLong()) + " more");
            case NO_EVIDENCE -> "NO-EVIDENCE";
        };
        return new Verdict.Shown(
                Optional.of(estimate),
                needed,
                needed,
                guardrail.kind().title() + " " + Words.percent(estimate.value()) + " ["
                        + Words.number(estimate.low() * 100) + ", " + Words.number(estimate.high() * 100) + "] of "
                        + Words.count(all.n(), "device", "devices") + "; limit " + Words.chosen(guardrail.limit())
                        + ": "
                        + words + ".");
    }
}
