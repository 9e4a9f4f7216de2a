// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// A stored window. `cohort` is the protobuf number, `start` counts minutes since 1970.
public record PeriodKey(
        String tenant, String rollout, String workload, String slice, int stage, int cohort, long start) {
    PeriodKey at(long otherStart) {
        return new PeriodKey(tenant, rollout, workload, slice, stage, cohort, otherStart);
    }
}
