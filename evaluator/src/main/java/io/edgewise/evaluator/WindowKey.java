// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.v1.Cohort;

/// One minute of event time of a stage, cohort and slice. `rollout` is empty for traffic outside any.
public record WindowKey(
        String tenant, String workload, String rollout, long minute, int stage, Cohort cohort, String slice) {
    static final long MINUTE_MS = 60_000;

    WindowKey withSlice(String other) {
        return new WindowKey(tenant, workload, rollout, minute, stage, cohort, other);
    }
}
