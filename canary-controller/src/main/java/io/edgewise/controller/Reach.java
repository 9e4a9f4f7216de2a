// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.controller.Line.Claim;
import io.edgewise.statistics.multiple.EValues;
import io.edgewise.statistics.sequential.Needed;
import io.edgewise.statistics.sequential.Values;
import java.util.OptionalLong;

/// What a plan can reach with the devices it has, before anything was observed.
final class Reach {
    private Reach() {}

    /// Closed device blocks, one for each device, that SAFE for the fleet takes where all of them are faultless: with
    /// fewer it cannot be said. Empty where SAFE speaks of the requests served, or where the limit depends on the
    /// control.
    static OptionalLong leastDevices(Guardrail guardrail, double alphaPromotion) {
        if (!guardrail.safeForFleet() || guardrail.kind() == GuardrailKind.ERROR) {
            return OptionalLong.empty();
        }
        Values faultless = new Values(new double[] {faultless(guardrail.kind())}, new long[] {1});
        double threshold = EValues.logThreshold(1, alphaPromotion);
        return Instruments.of(guardrail, new Baseline.Absolute()).lines().stream()
                .filter(line -> line.claim() == Claim.SAFE)
                .map(line -> Needed.more(line.test(), faultless, threshold))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .map(more -> more + faultless.n())
                .max();
    }

    /// The mean of a device block that nothing speaks against.
    private static double faultless(GuardrailKind kind) {
        return switch (kind) {
            case WIN_SHARE -> 1;
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    CALIBRATION,
                    LATENCY_P99,
                    COST,
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
}
