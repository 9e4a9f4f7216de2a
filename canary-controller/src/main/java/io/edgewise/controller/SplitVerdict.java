// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.v1.Cohort;
import io.edgewise.statistics.multiple.EValues;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The verdict of a guardrail on how traffic is split: the canary's share of the requests of a stage may miss the share
/// that the stage's directive names by a part of it, and no more, to either side. More exposes more users than was
/// decided; fewer or more than agreed also says that something is counted, routed or sent differently in the two arms.
///
/// On the requests served: units are assigned, and where few units make most of the requests these may really be split
/// otherwise than the units are.
final class SplitVerdict {
    private SplitVerdict() {}

    /// A canary stage with requests of both cohorts.
    private record Part(Stage stage, double share, Values canary) {}

    static Verdict of(Guardrail guardrail, Plan plan, Evidence evidence) {
        List<Part> parts = new ArrayList<>();
        int tested = 0;
        for (int number = 1; number <= plan.lastStage(); number++) {
            double share = plan.shareBp(number) / 10_000.0;
            if (share < 1) {
                tested++;
                long canary = evidence.requests(number, Cohort.COHORT_CANARY);
                long all = Math.addExact(canary, evidence.requests(number, Cohort.COHORT_CONTROL));
                if (all > 0) {
                    parts.add(new Part(plan.stage(number), share, Values.binary(canary, all)));
                }
            }
        }
        long devices = evidence.devices(guardrail.kind());
        if (parts.isEmpty()) {
            return Totals.nothing(
                    guardrail,
                    plan.terms(),
                    Estimand.REQUESTS,
                    devices,
                    tested == 0 ? "no stage of the plan splits traffic" : "no request of a canary stage was seen yet");
        }
        double[] against = new double[tested];
        for (int i = 0; i < parts.size(); i++) {
            against[i] = against(guardrail, parts.get(i));
        }
        Part last = parts.getLast();
        Totals.Standing standing =
                Totals.Standing.of(guardrail, plan.terms(), EValues.logMean(against), promotion(guardrail, last));
        Outcome outcome = standing.outcome(devices >= Judge.SAFE_DEVICES);
        Part shown = outcome == Outcome.BREACH ? strongest(guardrail, parts) : last;
        return Totals.verdict(
                guardrail,
                outcome,
                Estimand.REQUESTS,
                shown.canary().n(),
                devices,
                standing,
                Lazy.of(() -> shown(guardrail, outcome, shown, standing)));
    }

    /// Both sides, half of the stake on each.
    private static double against(Guardrail guardrail, Part part) {
        return EValues.logMean(new double[] {
            new MeanTest(Purpose.BREACH, Side.ABOVE, most(guardrail, part), 0, 1).logE(part.canary()),
            new MeanTest(Purpose.BREACH, Side.BELOW, least(guardrail, part), 0, 1).logE(part.canary())
        });
    }

    /// Both sides must be shown; a bound that no share can pass needs nothing.
    private static double promotion(Guardrail guardrail, Part part) {
        double low = new MeanTest(Purpose.SAFE, Side.ABOVE, least(guardrail, part), 0, 1).logE(part.canary());
        double most = most(guardrail, part);
        return most >= 1 ? low : Math.min(low, new MeanTest(Purpose.SAFE, Side.BELOW, most, 0, 1).logE(part.canary()));
    }

    private static double most(Guardrail guardrail, Part part) {
        return part.share() * (1 + guardrail.limit());
    }

    private static double least(Guardrail guardrail, Part part) {
        return part.share() * (1 - guardrail.limit());
    }

    private static Part strongest(Guardrail guardrail, List<Part> parts) {
        Part strongest = parts.getFirst();
        for (Part part : parts) {
            strongest = against(guardrail, part) > against(guardrail, strongest) ? part : strongest;
        }
        return strongest;
    }

    private static Verdict.Shown shown(Guardrail guardrail, Outcome outcome, Part part, Totals.Standing standing) {
        Estimate estimate = Estimate.ofShare(part.canary());
        String words = switch (outcome) {
            case BREACH -> standing.breachWords() + ", on the requests served";
            case SAFE -> "SAFE on the requests served";
            case UNDECIDED ->
                "UNDECIDED, e = " + Words.e(standing.promotion()) + " of " + Words.e(standing.promotionLimit())
                        + " for it";
            case NO_EVIDENCE -> "NO-EVIDENCE";
        };
        return new Verdict.Shown(
                Optional.of(estimate),
                OptionalLong.empty(),
                OptionalLong.empty(),
                guardrail.kind().title() + ": the canary has " + precise(estimate.value()) + " ["
                        + precise(estimate.low()) + ", " + precise(estimate.high()) + "] of "
                        + Words.count(part.canary().n(), "request", "requests") + " in \""
                        + part.stage().name()
                        + "\"; " + precise(least(guardrail, part)) + " to "
                        + precise(Math.min(1, most(guardrail, part))) + " allowed: " + words + ".");
    }

    /// Shares here may be a few basis points.
    private static String precise(double share) {
        return String.format(java.util.Locale.ROOT, "%.2f %%", share * 100);
    }
}
