// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.util.Map;

/// Strata put together as the guardrails need them. Bets of strata multiply, and a product of bets over counts depends
/// on the sum of the counts only.
///
/// `paired` leaves out requests that met the frontier because the edge answer was not trusted: they are chosen by the
/// answer, so their pairs say nothing about the others. `derived` holds what one guardrail makes of the rest.
record Pools(Tally paired, Tally control, Tally canary, Tally shadow, Tally derived) {
    static final Pools EMPTY = of(Map.of());

    static Pools of(Map<Stratum, Tally> strata) {
        Tally paired = new Tally();
        Tally control = new Tally();
        Tally canary = new Tally();
        Tally shadow = new Tally();
        for (Map.Entry<Stratum, Tally> entry : strata.entrySet()) {
            Stratum stratum = entry.getKey();
            if (!stratum.slice().equals(Stratum.ALL)) {
                continue;
            }
            if (!stratum.escalated()) {
                paired.merge(entry.getValue());
            }
            if (stratum.cohort() == Cohort.COHORT_CANARY) {
                canary.merge(entry.getValue());
            } else if (stratum.cohort() == Cohort.COHORT_CONTROL) {
                control.merge(entry.getValue());
                if (stratum.isShadow()) {
                    shadow.merge(entry.getValue());
                }
            }
        }
        return new Pools(paired, control, canary, shadow, new Tally());
    }

    Pools plus(Pools other) {
        return new Pools(
                paired.plus(other.paired),
                control.plus(other.control),
                canary.plus(other.canary),
                shadow.plus(other.shadow),
                derived.plus(other.derived));
    }

    /// With one measure of the cohorts of another.
    Pools withMeasure(String measure, Pools from) {
        return new Pools(
                paired,
                control.plus(only(measure, from.control)),
                canary.plus(only(measure, from.canary)),
                shadow.plus(only(measure, from.shadow)),
                derived);
    }

    /// A copy with nothing else in it.
    static Tally only(String measure, Tally tally) {
        Tally only = new Tally();
        Counts counts = tally.read(measure);
        for (int bucket : counts.buckets()) {
            only.add(measure, bucket, counts.get(bucket));
        }
        return only;
    }

    Pools withDerived(Tally made) {
        return new Pools(paired, control, canary, shadow, made);
    }
}
