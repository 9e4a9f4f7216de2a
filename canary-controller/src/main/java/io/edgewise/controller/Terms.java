// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What holds for the whole plan. `alphaRollback` is the chance that a good build is rolled back by any guardrail until
/// the horizon; `alphaPromotion` the chance, per guardrail, that a bad one is called safe.
public record Terms(
        double alphaRollback,
        double alphaPromotion,
        int freshnessSeconds,
        long horizonSeconds,
        int returnSpreadSeconds,
        int leaseMinutes) {

    /// Evidence blocks until the horizon.
    public long blocks() {
        return Math.ceilDiv(horizonSeconds, EvidenceBlock.SECONDS);
    }
}
