// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.multiple.EValues;
import java.util.Optional;
import java.util.OptionalLong;

/// Verdicts of guardrails that have no process of their own: functions of all that was counted. Their evidence holds at
/// all times, so that they spend their part of alpha with their first observation.
final class Totals {
    private Totals() {}

    static Verdict of(Guardrail guardrail, Plan plan, Evidence evidence) {
        Terms terms = plan.terms();
        return switch (guardrail.kind()) {
            case BIAS_GAP -> BiasVerdict.of(guardrail, terms, evidence);
            case CRASHES, BREAKERS, SILENCE -> DeviceVerdict.of(guardrail, terms, evidence);
            case SLICE_AGREEMENT, SLICE_REFUSAL, SLICE_ERROR, SLICE_LATENCY, SLICE_FIRST_TOKEN ->
                SliceVerdict.of(guardrail, terms, evidence);
            case TRAFFIC_SPLIT -> SplitVerdict.of(guardrail, plan, evidence);
            case HOLDOUT -> HoldoutVerdict.of(guardrail, terms, evidence);
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
                    FIRST_TOKEN -> throw new IllegalArgumentException(guardrail.kind() + " has a process");
        };
    }

    /// Its words and tests are not among those of guardrails with a process.
    static IllegalArgumentException elsewhere(GuardrailKind kind) {
        return new IllegalArgumentException(kind + " has no process");
    }

    /// What is bet against the promise and for it, as logarithms, with the limits of both.
    record Standing(double against, double againstLimit, double promotion, double promotionLimit) {
        static Standing of(Guardrail guardrail, Terms terms, double against, double promotion) {
            return new Standing(
                    against,
                    EValues.logThreshold(guardrail.weight(), terms.alphaRollback()),
                    promotion,
                    EValues.logThreshold(1, terms.alphaPromotion()));
        }

        boolean isBreached() {
            return against >= againstLimit;
        }

        boolean isShown() {
            return promotion >= promotionLimit;
        }

        Outcome outcome(boolean maySaySafe) {
            return isBreached() ? Outcome.BREACH : isShown() && maySaySafe ? Outcome.SAFE : Outcome.UNDECIDED;
        }

        /// "BREACH, e = … against it (limit …)".
        String breachWords() {
            return "BREACH, e = " + Words.e(against) + " against it (limit " + Words.e(againstLimit) + ")";
        }
    }

    static Verdict verdict(
            Guardrail guardrail,
            Outcome outcome,
            Estimand estimand,
            long observations,
            long devices,
            Standing standing,
            Lazy<Verdict.Shown> shown) {
        return new Verdict(
                guardrail,
                outcome,
                false,
                estimand,
                guardrail.limit(),
                observations,
                devices,
                0,
                standing.against(),
                standing.againstLimit(),
                standing.promotion(),
                standing.promotionLimit(),
                shown);
    }

    static Verdict nothing(Guardrail guardrail, Terms terms, Estimand estimand, long devices, String why) {
        return verdict(
                guardrail,
                Outcome.NO_EVIDENCE,
                estimand,
                0,
                devices,
                Standing.of(guardrail, terms, 0, 0),
                Lazy.known(new Verdict.Shown(
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        guardrail.kind().title() + ": NO-EVIDENCE, " + why + ".")));
    }
}
