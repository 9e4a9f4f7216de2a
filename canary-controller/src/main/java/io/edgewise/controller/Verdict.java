// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.Optional;
import java.util.OptionalLong;

/// What the evidence says about a guardrail. `evidence` is ln of the e-value against it, BREACH at `evidenceLimit`;
/// `promotion` ln of the e-value for it, SAFE at `promotionLimit`. `blocks` counts closed device blocks. What is shown
/// of it takes far longer to compute than the verdict, and most verdicts are never shown.
public record Verdict(
        Guardrail guardrail,
        Outcome outcome,
        boolean hard,
        Estimand estimand,
        double threshold,
        long observations,
        long devices,
        long blocks,
        double evidence,
        double evidenceLimit,
        double promotion,
        double promotionLimit,
        Lazy<Shown> shown) {

    /// For people. `neededObservations` and `neededDevices` are what SAFE still needs if things go on as they are;
    /// empty where it will not come, or is there.
    public record Shown(
            Optional<Estimate> estimate,
            OptionalLong neededObservations,
            OptionalLong neededDevices,
            String sentence) {}

    public String name() {
        return guardrail.name();
    }

    public Optional<Estimate> estimate() {
        return shown.get().estimate();
    }

    public OptionalLong neededObservations() {
        return shown.get().neededObservations();
    }

    public OptionalLong neededDevices() {
        return shown.get().neededDevices();
    }

    public String sentence() {
        return shown.get().sentence();
    }

    Verdict shown(Lazy<Shown> other) {
        return new Verdict(
                guardrail,
                outcome,
                hard,
                estimand,
                threshold,
                observations,
                devices,
                blocks,
                evidence,
                evidenceLimit,
                promotion,
                promotionLimit,
                other);
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
