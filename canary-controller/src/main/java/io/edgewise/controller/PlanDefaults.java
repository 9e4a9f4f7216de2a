// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The operating procedure that holds where a plan says nothing else.
public final class PlanDefaults {
    private static final long DAY = 24 * 3600L;

    private PlanDefaults() {}

    /// `budgetNanos` is what a request may cost; without one the plan has no guardrail on cost.
    public static Plan plan(String name, OptionalLong budgetNanos) {
        List<Guardrail> guardrails = guardrails(budgetNanos);
        List<Stage> stages = stages(guardrails);
        return new Plan(name, stages, guardrails, terms(stages), new TreeMap<>(), Set.of(TruthSource.FEEDBACK));
    }

    public static Terms terms(List<Stage> stages) {
        long horizon = stages.stream().mapToLong(Stage::maxSeconds).sum();
        return new Terms(0.01, 0.05, 60, horizon, 60, 15);
    }

    public static List<Guardrail> guardrails(OptionalLong budgetNanos) {
        List<GuardrailKind> kinds = new ArrayList<>(List.of(GuardrailKind.values()));
        kinds.removeIf(kind -> !kind.isUsual());
        if (budgetNanos.isEmpty()) {
            kinds.remove(GuardrailKind.COST);
        }
        double weight = 1.0 / kinds.size();
        return kinds.stream()
                .map(kind -> guardrail(kind, weight, budgetNanos.orElse(0)))
                .toList();
    }

    public static Guardrail guardrail(GuardrailKind kind, double weight, long budgetNanos) {
        return switch (kind) {
            case AGREEMENT -> new Guardrail("agreement", kind, 0.85, weight, OptionalDouble.of(0.5), 300);
            case REFUSAL -> new Guardrail("refusal", kind, 0.05, weight, OptionalDouble.of(0.2), 300);
            case ERROR -> new Guardrail("error", kind, 0.01, weight, OptionalDouble.of(0.1), 300);
            case WIN_SHARE -> new Guardrail("win-share", kind, 0.30, weight, OptionalDouble.empty(), 30);
            case CALIBRATION -> new Guardrail("calibration", kind, 0.05, weight, OptionalDouble.empty(), 100);
            case LATENCY_P99 -> new Guardrail("latency-p99", kind, 0.40, weight, OptionalDouble.empty(), 100);
            case COST -> new Guardrail("cost", kind, budgetNanos, weight, OptionalDouble.empty(), 100);
            case ENERGY -> new Guardrail("energy", kind, 1_000_000, weight, OptionalDouble.empty(), 100);
            case COMPLETION -> new Guardrail("completion", kind, 0.95, weight, OptionalDouble.empty(), 300);
            case FEEDBACK -> new Guardrail("feedback", kind, 0.05, weight, OptionalDouble.empty(), 100);
            case OUTPUT_LENGTH -> new Guardrail("output-length", kind, 1, weight, OptionalDouble.empty(), 300);
            case LATENCY_P95 -> new Guardrail("latency-p95", kind, 1_000_000, weight, OptionalDouble.empty(), 100);
            case FIRST_TOKEN -> new Guardrail("first-token", kind, 500_000, weight, OptionalDouble.empty(), 100);
            case CRASHES -> new Guardrail("crashes", kind, 0.01, weight, OptionalDouble.empty(), 30);
            case BREAKERS -> new Guardrail("breakers", kind, 0.05, weight, OptionalDouble.empty(), 30);
            case SILENCE -> new Guardrail("silence", kind, 0.05, weight, OptionalDouble.empty(), 30);
            case BIAS_GAP -> new Guardrail("bias-gap", kind, 0.10, weight, OptionalDouble.empty(), 300);
            case SLICE_AGREEMENT -> new Guardrail("slice-agreement", kind, 0.75, weight, OptionalDouble.empty(), 300);
            case SLICE_REFUSAL -> new Guardrail("slice-refusal", kind, 0.10, weight, OptionalDouble.empty(), 300);
            case SLICE_ERROR -> new Guardrail("slice-error", kind, 0.05, weight, OptionalDouble.empty(), 300);
            case SLICE_LATENCY -> budget("slice-latency", kind, 1_000_000, weight);
            case SLICE_FIRST_TOKEN -> budget("slice-first-token", kind, 500_000, weight);
            case TRAFFIC_SPLIT -> new Guardrail("traffic-split", kind, 0.25, weight, OptionalDouble.empty(), 300);
            case HOLDOUT -> new Guardrail("holdout", kind, 0.80, weight, OptionalDouble.empty(), 200);
        };
    }

    private static Guardrail budget(String name, GuardrailKind kind, double micros, double weight) {
        return new Guardrail(
                name, kind, micros, weight, OptionalDouble.empty(), 100, List.of(), List.of("device_class"));
    }

    /// Shadow for 14 days, then 1 %, 10 % and all.
    public static List<Stage> stages(List<Guardrail> guardrails) {
        return List.of(
                stage("shadow", 0, 0, guardrails),
                stage("1 %", 1, 100, guardrails),
                stage("10 %", 2, 1_000, guardrails),
                stage("100 %", 3, 10_000, guardrails));
    }

    /// What a stage is when a plan gives only its name, place and share.
    public static Stage stage(String name, int number, int shareBp, List<Guardrail> guardrails) {
        boolean shadow = number == 0;
        int pairing = shadow || shareBp <= 100 ? 10_000 : shareBp < 10_000 ? 1_000 : 200;
        return new Stage(
                name,
                shareBp,
                shadow ? 14 * DAY : DAY,
                shadow ? 28 * DAY : 7 * DAY,
                shadow ? 1_000 : 300,
                30,
                pairing,
                shadow ? 10_000 : 0,
                gates(number, guardrails),
                shadow ? OnUndecided.HOLD : OnUndecided.ROLLBACK);
    }

    /// What pairs can see must be SAFE before the canary; what only live cohorts see, not in BREACH at the first canary
    /// stage and SAFE from the second on. Win share and calibration are asked as not in BREACH.
    public static SortedMap<String, Gate> gates(int stage, List<Guardrail> guardrails) {
        SortedMap<String, Gate> gates = new TreeMap<>();
        for (Guardrail guardrail : guardrails) {
            switch (guardrail.kind()) {
                case AGREEMENT, REFUSAL, ERROR -> gates.put(guardrail.name(), Gate.SAFE);
                case WIN_SHARE,
                        CALIBRATION,
                        COMPLETION,
                        OUTPUT_LENGTH,
                        CRASHES,
                        BREAKERS,
                        SILENCE,
                        BIAS_GAP,
                        SLICE_AGREEMENT,
                        SLICE_REFUSAL,
                        SLICE_ERROR,
                        HOLDOUT -> gates.put(guardrail.name(), Gate.NOT_BREACH);
                case FEEDBACK, LATENCY_P95, FIRST_TOKEN, SLICE_LATENCY, SLICE_FIRST_TOKEN, TRAFFIC_SPLIT -> {
                    if (stage > 0) {
                        gates.put(guardrail.name(), Gate.NOT_BREACH);
                    }
                }
                case LATENCY_P99, COST, ENERGY -> {
                    if (stage > 0) {
                        gates.put(guardrail.name(), stage == 1 ? Gate.NOT_BREACH : Gate.SAFE);
                    }
                }
            }
        }
        return gates;
    }
}
