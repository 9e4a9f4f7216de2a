// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// The kinds of evidence that a plan with the one guardrail "agreement" can meet.
enum Seen {
    NOTHING,
    GOOD,
    LITTLE,
    BAD,
    STALE,
    FUTURE,
    BROKEN,
    DRIFTING;

    static Evidence evidence(Plan plan, Seen seen, Phase phase, Instant now) {
        int stage = phase.stageNumber();
        Cohort cohort = stage == 0 ? Cohort.COHORT_CONTROL : Cohort.COHORT_CANARY;
        Stratum stratum = new Stratum(stage, cohort, 10_000, false, Stratum.ALL);
        long disagreeing = switch (seen) {
            case GOOD, STALE, FUTURE, BROKEN, DRIFTING, NOTHING, LITTLE -> 1;
            case BAD -> 10;
        };
        long devices = seen == Seen.NOTHING ? 0 : seen == Seen.LITTLE ? 3 : 64;
        Tally tally = new Tally();
        if (devices > 0) {
            tally.add(Measures.DEVICES, 0, devices).add(Measures.REQUESTS, 0, devices * 20);
            tally.add(Measures.ATTEMPTS, Champion.ATTEMPTS, devices * 20);
            tally.add(Measures.PAIRS, 0, devices * (20 - disagreeing)).add(Measures.PAIRS, 1, devices * disagreeing);
            int block = Measures.block(20, (int) disagreeing);
            tally.add(Measures.BLOCKS_DISAGREE, block, devices).add(Measures.BLOCKS_DISAGREE_SAFE, block, devices);
            tally.add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_DISAGREE_SAFE), devices);
        }
        long last = switch (seen) {
            case STALE -> now.minusSeconds(61).toEpochMilli();
            case FUTURE -> now.plusSeconds(3_600).toEpochMilli();
            case NOTHING, GOOD, LITTLE, BAD, BROKEN, DRIFTING -> now.toEpochMilli();
        };
        TreeMap<Stratum, Tally> open = new TreeMap<>();
        if (!tally.isEmpty()) {
            open.put(stratum, tally);
        }
        return new Evidence(
                EvidenceLedger.empty(plan),
                open,
                Map.of(stratum, last),
                seen == Seen.DRIFTING ? "open finding of severity act on entropy" : "",
                seen == Seen.BROKEN ? "counters went back" : "");
    }
}
