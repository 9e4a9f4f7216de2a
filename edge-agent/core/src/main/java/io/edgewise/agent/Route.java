// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import java.util.List;
import java.util.Optional;

/// How one request is served, decided before anything runs. `line` is asked in turn until one answers; `mirror` runs
/// after the response when the observation was selected for pairing and the first in line answered.
record Route(
        Optional<Directive> orders,
        Cohort cohort,
        long unitHash,
        List<Step> line,
        Optional<Target> mirror,
        Pairing pairing) {
    /// The reason is recorded when this step answers; empty for the assigned arm, and where the failure before it is
    /// the reason.
    record Step(Target target, String reason) {}

    /// Whether the observation was selected, and with which probability.
    record Pairing(boolean selected, int rateBp) {
        static final Pairing NONE = new Pairing(false, 0);
    }

    /// The same without a mirror.
    Route unpaired() {
        return new Route(orders, cohort, unitHash, line, Optional.empty(), Pairing.NONE);
    }

    static final String LEASE_EXPIRED = "lease-expired";
    static final String EXPIRED_OFFLINE = "expired-offline";
    static final String RETURNING = "returning";
}
