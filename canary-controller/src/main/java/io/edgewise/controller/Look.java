// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.calibration.OneLook;
import io.edgewise.statistics.calibration.Reliability;

/// A planned look at calibration that was taken: at the first closed evidence block with enough labels, and never
/// again.
///
/// @param labels that were there
/// @param block the number of that evidence block
record Look(OneLook plan, long labels, long block, OneLook.Answer answer) {
    /// The k-th look of a guardrail, k from 1.
    static OneLook planned(Guardrail guardrail, double alpha, int k) {
        return new OneLook(guardrail.looks().get(k - 1), guardrail.limit(), alpha, k);
    }

    static Look take(OneLook plan, Reliability labels, long block) {
        return new Look(plan, labels.total(), block, plan.at(labels));
    }

    boolean isSafe() {
        return answer.finding() == OneLook.Finding.SAFE;
    }
}
