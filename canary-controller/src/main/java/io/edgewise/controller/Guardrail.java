// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.calibration.OneLook;
import io.edgewise.statistics.sequential.Exceedance;
import java.util.List;
import java.util.OptionalDouble;

/// One promise of a plan. `weight` is its share of the false-rollback budget. `hardLimit`, where given, lies beyond the
/// limit and is judged on the requests served, without waiting for device blocks. `minObservations` is what "not
/// BREACH" needs before an undecided guardrail may pass. `looks` are the numbers of labels at which CALIBRATION is
/// looked at for SAFE, once each; the k-th spends 6/(π²k²) of the error allowed for promotion. Other kinds have none.
public record Guardrail(
        String name,
        GuardrailKind kind,
        double limit,
        double weight,
        OptionalDouble hardLimit,
        long minObservations,
        List<Long> looks) {
    public Guardrail {
        looks = List.copyOf(looks);
    }

    /// With the looks that its kind has where a plan says nothing else.
    public Guardrail(
            String name,
            GuardrailKind kind,
            double limit,
            double weight,
            OptionalDouble hardLimit,
            long minObservations) {
        this(name, kind, limit, weight, hardLimit, minObservations, looks(kind));
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
                    COMPLETION,
                    FEEDBACK,
                    OUTPUT_LENGTH,
                    LATENCY_P95,
                    FIRST_TOKEN,
                    CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP -> 0;
        };
    }

    /// Whether SAFE is a statement about the fleet. That of calibration is about the answers whose truth was told.
    public boolean safeForFleet() {
        return !kind.isLive()
                && !kind.isShare()
                && kind != GuardrailKind.CALIBRATION
                && kind != GuardrailKind.BIAS_GAP
                && margin() >= FLEET_LIMIT - 1e-12;
    }
}
