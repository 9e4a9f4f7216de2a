// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.Plan;
import io.edgewise.controller.Rollout;

/// A rollout as its row keeps it, with the head of its decision chain.
record Kept(
        Rollout rollout,
        Plan plan,
        long revision,
        long decisions,
        String lastHash,
        String lastDecision,
        String outlook) {}
