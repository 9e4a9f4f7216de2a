// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Role;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What the app gets. When nothing could answer, `failure` says why, the label is empty and the role unspecified.
/// Without consent to be recorded there is no observation id and no feedback token.
public record Answer(
        String label,
        OptionalDouble confidence,
        Role servedBy,
        String observationId,
        String feedbackToken,
        long latencyMicros,
        Optional<String> failure,
        Details details) {

    /// More of the arm that answered: its build's or frontier's name, why it was not the assigned one (empty if
    /// it was), its most probable labels, and its answer as it came, where it speaks the app's API. Of a failure:
    /// what a frontier said instead, and whether it could not be reached.
    public record Details(
            String who, String reason, List<ModelAnswer.Candidate> top, Optional<Reply> reply, boolean offline) {
        public Details {
            top = List.copyOf(top);
        }
    }
}
