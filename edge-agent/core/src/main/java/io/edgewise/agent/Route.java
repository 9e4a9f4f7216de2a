// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Hybrid;
import java.util.List;
import java.util.Optional;

/// How one request is served, decided before anything runs. `line` is asked in turn until one answers;
/// `mirror` runs after the response when the observation was selected for pairing and the first in line
/// answered. `trust` says when a build's answer is not taken as it is; `escalation` why the champion is
/// first in line though the challenger was assigned.
record Route(
        Optional<Directive> orders,
        Cohort cohort,
        long unitHash,
        List<Step> line,
        Optional<Target> mirror,
        Pairing pairing,
        Optional<Hybrid> trust,
        String escalation) {
    /// The reason is recorded when this step answers; empty for the assigned arm, and where the failure
    /// before it is the reason.
    record Step(Target target, String reason) {}

    /// Whether the observation was selected, and with which probability.
    record Pairing(boolean selected, int rateBp) {
        static final Pairing NONE = new Pairing(false, 0);
    }

    static final String LEASE_EXPIRED = "lease-expired";
    static final String EXPIRED_OFFLINE = "expired-offline";
    static final String RETURNING = "returning";
    static final String ESCALATED = "escalated:";

    Route {
        line = List.copyOf(line);
    }

    Route(
            Optional<Directive> orders,
            Cohort cohort,
            long unitHash,
            List<Step> line,
            Optional<Target> mirror,
            Pairing pairing) {
        this(orders, cohort, unitHash, line, mirror, pairing, Optional.empty(), "");
    }

    /// The same without a mirror.
    Route unpaired() {
        return new Route(orders, cohort, unitHash, line, Optional.empty(), Pairing.NONE, trust, escalation);
    }

    Route along(List<Step> other, Optional<Target> mirrored) {
        return new Route(orders, cohort, unitHash, other, mirrored, pairing, trust, escalation);
    }

    /// The same, with answers that are not taken as they are.
    Route trusting(Hybrid hybrid) {
        return new Route(orders, cohort, unitHash, line, mirror, pairing, Optional.of(hybrid), escalation);
    }

    /// The same, with every answer taken as it is.
    Route trusting() {
        return new Route(orders, cohort, unitHash, line, mirror, pairing, Optional.empty(), escalation);
    }

    Route escalating(String why) {
        return new Route(orders, cohort, unitHash, line, mirror, pairing, Optional.empty(), why);
    }
}
