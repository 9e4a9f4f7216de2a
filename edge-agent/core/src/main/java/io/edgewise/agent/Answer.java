// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Role;
import java.util.Optional;
import java.util.OptionalDouble;

/// What the app gets. When nothing could answer, `failure` says why, the label is empty and the role unspecified.
public record Answer(
        String label,
        OptionalDouble confidence,
        Role servedBy,
        String observationId,
        String feedbackToken,
        long latencyMicros,
        Optional<String> failure) {
    static Answer failed(String observationId, String feedbackToken, long latencyMicros, String failure) {
        return new Answer(
                "",
                OptionalDouble.empty(),
                Role.ROLE_UNSPECIFIED,
                observationId,
                feedbackToken,
                latencyMicros,
                Optional.of(failure));
    }
}
