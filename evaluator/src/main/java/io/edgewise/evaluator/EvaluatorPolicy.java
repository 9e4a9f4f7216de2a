// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.time.Duration;

/// What the operator may choose about counting.
///
/// @param latenessMs an event older than this when it was appended is late: accounted for, and in no window
/// @param graceMs how long after its minute a window is folded, by the clock of the keeper
/// @param sliceCap distinct values of one slice attribute in one rollout; further ones are "other"
/// @param sample what is kept of pairs that disagree
public record EvaluatorPolicy(long latenessMs, long graceMs, int sliceCap, SamplePolicy sample) {
    public EvaluatorPolicy(long latenessMs, long graceMs, int sliceCap) {
        this(latenessMs, graceMs, sliceCap, SamplePolicy.DEFAULT);
    }

    public EvaluatorPolicy {
        if (latenessMs < 60_000) {
            throw new IllegalArgumentException("edgewise.evaluator.lateness is " + Duration.ofMillis(latenessMs)
                    + "; it must be at least one minute");
        }
        if (graceMs < 0) {
            throw new IllegalArgumentException(
                    "edgewise.evaluator.grace is " + Duration.ofMillis(graceMs) + "; it must not be negative");
        }
        if (sliceCap < 1) {
            throw new IllegalArgumentException(
                    "edgewise.evaluator.slice-cap is " + sliceCap + "; it must be at least 1");
        }
    }
}
