// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.calibration.OneLook;
import io.edgewise.statistics.sequential.Exceedance;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/// One promise of a plan. `weight` is its share of the false-rollback budget. `hardLimit`, where given, lies beyond the
/// limit and is judged on the requests served, without waiting for device blocks. `minObservations` is what "not
/// BREACH" needs before an undecided guardrail may pass. `looks` are the numbers of labels at which CALIBRATION is
/// looked at for SAFE, once each; the k-th spends 6/(π²k²) of the error allowed for promotion. Other kinds have none.
/// `slices` are the attributes by which it is asked of each slice, and for BIAS_GAP those whose groups are compared
/// instead of the workload's sensitive ones. `budgets` are limits by slice ("device_class=kiosk") where a kind has
/// budgets of time; slices that are not named have `limit`.
public record Guardrail(
        String name,
        GuardrailKind kind,
        double limit,
        double weight,
        OptionalDouble hardLimit,
        long minObservations,
        List<Long> looks,
        List<String> slices,
        SortedMap<String, Double> budgets) {
    public Guardrail {
        looks = List.copyOf(looks);
        slices = List.copyOf(slices);
        budgets = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(budgets)));
    }

    public Guardrail(
            String name,
            GuardrailKind kind,
            double limit,
            double weight,
            OptionalDouble hardLimit,
            long minObservations,
            List<Long> looks,
            List<String> slices) {
        this(name, kind, limit, weight, hardLimit, minObservations, looks, slices, new TreeMap<>());
    }

    public Guardrail(
            String name,
            GuardrailKind kind,
            double limit,
            double weight,
            OptionalDouble hardLimit,
            long minObservations,
            List<Long> looks) {
        this(name, kind, limit, weight, hardLimit, minObservations, looks, List.of());
    }

    /// What a plan's hash covers: the fields that every guardrail has, and the slices where there are any.
    String canonical() {
        return "Guardrail[name=" + name + ", kind=" + kind + ", limit=" + limit + ", weight=" + weight + ", hardLimit="
                + hardLimit + ", minObservations=" + minObservations + ", looks=" + looks
                + (slices.isEmpty() ? "" : ", slices=" + slices)
                + (budgets.isEmpty() ? "" : ", budgets=" + budgets) + "]";
    }

    /// What a slice may take: its own budget, or the limit of all.
    double limit(String slice) {
        return budgets.getOrDefault(slice, limit);
    }

    /// With the looks that its kind has where a plan says nothing else.
    public Guardrail(
            String name,
            GuardrailKind kind,
            double limit,
            double weight,
            OptionalDouble hardLimit,
            long minObservations) {
        this(name, kind, limit, weight, hardLimit, minObservations, looks(kind), List.of());
    }

    public static List<Long> looks(GuardrailKind kind) {
        return kind == GuardrailKind.CALIBRATION ? List.of(OneLook.DEFAULT_LABELS) : List.of();
    }

    /// The least limit at which SAFE is asked for the fleet instead of for the requests served.
    static final double FLEET_LIMIT = 0.05;

    /// The width that evidence has to bridge: 15 points for a floor of 85 %.
    double margin() {
        return switch (kind) {
            case AGREEMENT -> 1 - limit;
            case REFUSAL, ERROR, WIN_SHARE, CALIBRATION -> limit;
            case LATENCY_P99 -> Exceedance.SHARE;
            case COST,
                    ENERGY,
                    COMPLETION,
                    FEEDBACK,
                    OUTPUT_LENGTH,
                    LATENCY_P95,
                    FIRST_TOKEN,
                    CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> 0;
        };
    }

    /// Whether SAFE is a statement about the fleet. That of calibration is about the answers whose truth was told.
    public boolean safeForFleet() {
        return !kind.isLive()
                && !kind.isShare()
                && kind != GuardrailKind.CALIBRATION
                && !kind.isOfTotals()
                && margin() >= FLEET_LIMIT - 1e-12;
    }
}
