// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import io.edgewise.contracts.v1.Cohort;

/// Inside one stratum raw counts may be compared: same stage, same cohort, same pairing rate, and requests that met the
/// frontier by escalation kept apart. `slice` is "all" or "attribute=value".
public record Stratum(int stage, Cohort cohort, int pairingRateBp, boolean escalated, String slice)
        implements Comparable<Stratum> {
    public static final String ALL = "all";

    public boolean isShadow() {
        return stage == 0;
    }

    @Override
    public int compareTo(Stratum other) {
        int byStage = Integer.compare(stage, other.stage);
        if (byStage != 0) {
            return byStage;
        }
        int byCohort = cohort.compareTo(other.cohort);
        if (byCohort != 0) {
            return byCohort;
        }
        int byRate = Integer.compare(pairingRateBp, other.pairingRateBp);
        if (byRate != 0) {
            return byRate;
        }
        int byEscalation = Boolean.compare(escalated, other.escalated);
        return byEscalation != 0 ? byEscalation : slice.compareTo(other.slice);
    }
}
