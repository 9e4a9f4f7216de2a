// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// All that the live view shows, at one moment.
public record LiveState(
        Scenario scenario,
        Instant now,
        Instant begun,
        double requestsPerSecond,
        Optional<RolloutState> rollout,
        CohortFigures control,
        CohortFigures canary,
        FleetFigures fleet,
        CountedObservations counted,
        String console,
        String note) {
    /// How long ago the rollout began.
    public Duration running() {
        return Duration.between(begun, now);
    }
}
