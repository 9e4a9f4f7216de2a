// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.Plan;
import io.edgewise.controller.Rollout;
import java.time.Instant;

/// A rollout as its row keeps it, with the head of its decision chain.
record Kept(
        Rollout rollout, Plan plan, long revision, long decisions, String lastHash, String lastDecision, Shown shown) {

    /// What was last written for people beside the verdicts: what it waits for, and how much of the chance of a false
    /// roll-back was spent then.
    record Shown(String outlook, Instant at, double alphaSpent) {}
}
