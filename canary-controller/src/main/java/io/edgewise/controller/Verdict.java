// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.Optional;
import java.util.OptionalLong;

/// What the evidence says about a guardrail. `evidence` is ln of the e-value against it, BREACH at `evidenceLimit`;
/// `promotion` ln of the e-value for it, SAFE at `promotionLimit`. `blocks` counts closed device blocks.
/// `neededObservations` and `neededDevices` are what SAFE still needs if things go on as they are; empty where it will
/// not come, or is there.
public record Verdict(
        Guardrail guardrail,
        Outcome outcome,
        boolean hard,
        Estimand estimand,
        Optional<Estimate> estimate,
        double threshold,
        long observations,
        long devices,
        long blocks,
        OptionalLong neededObservations,
        OptionalLong neededDevices,
        double evidence,
        double evidenceLimit,
        double promotion,
        double promotionLimit,
        String sentence) {

    public String name() {
        return guardrail.name();
    }

    /// SAFE, or undecided with enough of everything; evidence that is not there satisfies nothing.
    boolean satisfies(Gate gate, long observationsNeeded, long stageDevices, Stage stage) {
        return switch (gate) {
            case SAFE -> outcome == Outcome.SAFE;
            case NOT_BREACH ->
                outcome == Outcome.SAFE
                        || (outcome == Outcome.UNDECIDED
                                && observations >= observationsNeeded
                                && stageDevices >= stage.minDevices());
        };
    }
}
