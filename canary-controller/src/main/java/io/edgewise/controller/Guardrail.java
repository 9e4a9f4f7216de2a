// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.OptionalDouble;

/// One promise of a plan. `weight` is its share of the false-rollback budget. `hardLimit`, where given, lies beyond the
/// limit and is judged on the requests served, without waiting for device blocks. `minObservations` is what "not
/// BREACH" needs before an undecided guardrail may pass.
public record Guardrail(
        String name, GuardrailKind kind, double limit, double weight, OptionalDouble hardLimit, long minObservations) {

    /// The least limit at which SAFE is asked for the fleet instead of for the requests served.
    static final double FLEET_LIMIT = 0.05;

    /// The width that evidence has to bridge: 15 points for a floor of 85 %.
    double margin() {
        return switch (kind) {
            case AGREEMENT -> 1 - limit;
            case REFUSAL, ERROR, WIN_SHARE, CALIBRATION -> limit;
            case LATENCY_P99 -> Instruments.EXCEEDANCE;
            case COST -> 0;
        };
    }

    /// Whether SAFE is a statement about the fleet.
    public boolean safeForFleet() {
        return !kind.isLive() && margin() >= FLEET_LIMIT - 1e-12;
    }
}
