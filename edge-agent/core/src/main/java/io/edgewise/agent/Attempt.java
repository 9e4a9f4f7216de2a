// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Role;
import java.util.Optional;
import java.util.OptionalDouble;

/// One arm as it was tried, and its answer or its error as it came.
/// `text` is what it said, or the tools that it calls; it stays in memory unless it may be recorded.
record Attempt(Arm arm, Optional<Reply> reply, String text, boolean callsTools) {
    Attempt(Arm arm) {
        this(arm, Optional.empty(), "");
    }

    Attempt(Arm arm, Optional<Reply> reply, String text) {
        this(arm, reply, text, false);
    }

    /// It was not run, under the device's own pressure.
    static final String SHED = "shed";

    static final String BREAKER_OPEN = "breaker_open";
    static final String MODEL_ERROR = "model_error";
    static final String INVALID_OUTPUT = "invalid_output";
    /// The app went away while the arm ran.
    static final String CANCELLED = "cancelled";

    boolean answered() {
        return arm.getErrorCode().isEmpty();
    }

    Role role() {
        return arm.getRole();
    }

    OptionalDouble confidence() {
        return arm.hasConfidence() ? OptionalDouble.of(arm.getConfidence()) : OptionalDouble.empty();
    }

    boolean cancelled() {
        return arm.getErrorCode().equals(CANCELLED);
    }

    boolean shed() {
        return arm.getErrorCode().equals(SHED);
    }

    /// The same, with another word for what went wrong.
    Attempt failedBy(String errorCode) {
        return new Attempt(arm.toBuilder().setErrorCode(errorCode).build(), reply, text, callsTools);
    }

    /// The build's or the frontier's name.
    String who() {
        return arm.hasEdge() ? arm.getEdge().getBuild() : arm.getFrontier().getProvider();
    }

    /// "challenger:model_error"
    String failure() {
        String role = switch (arm.getRole()) {
            case ROLE_CHAMPION -> "champion";
            case ROLE_CHALLENGER -> "challenger";
            case ROLE_REFERENCE -> "reference";
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> "arm";
        };
        return role + ":" + arm.getErrorCode();
    }

    /// Whether the device could not reach the frontier at all.
    boolean offline() {
        return arm.hasFrontier() && arm.getErrorCode().equals(FrontierFailure.UNREACHABLE);
    }
}
