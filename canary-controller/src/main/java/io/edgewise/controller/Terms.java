// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.OptionalLong;

/// What holds for the whole plan. `alphaRollback` is the chance that a good build is rolled back by any guardrail until
/// the horizon; `alphaPromotion` the chance, per guardrail, that a bad one is called safe. `devices`, where known, is
/// how
/// many the fleet has: a plan that asks for more than they can show is refused.
public record Terms(
        double alphaRollback,
        double alphaPromotion,
        int freshnessSeconds,
        long horizonSeconds,
        int returnSpreadSeconds,
        int leaseMinutes,
        OptionalLong devices) {

    /// Of a fleet whose size is not known.
    public Terms(
            double alphaRollback,
            double alphaPromotion,
            int freshnessSeconds,
            long horizonSeconds,
            int returnSpreadSeconds,
            int leaseMinutes) {
        this(
                alphaRollback,
                alphaPromotion,
                freshnessSeconds,
                horizonSeconds,
                returnSpreadSeconds,
                leaseMinutes,
                OptionalLong.empty());
    }

    /// Evidence blocks until the horizon.
    public long blocks() {
        return Math.ceilDiv(horizonSeconds, EvidenceBlock.SECONDS);
    }
}
