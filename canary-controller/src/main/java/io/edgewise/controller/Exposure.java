// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.v1.Cohort;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The most harm that a bad build may do before all the traffic is its own: the stages between shadow and
/// the last one count. `costNanos` is what champion and challenger may cost together, mirrored calls in
/// shadow included.
public record Exposure(OptionalLong devices, OptionalLong requests, OptionalLong minutes, OptionalLong costNanos) {
    public static final Exposure UNLIMITED =
            new Exposure(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /// What was exposed so far.
    record Spent(long devices, long requests, long minutes, long costNanos) {}

    static Spent spent(Rollout rollout, Plan plan, Evidence evidence, Instant now) {
        int last = plan.lastStage();
        long requests = 0;
        long devices = 0;
        long cost = 0;
        for (Stratum stratum : evidence.strata()) {
            if (!stratum.slice().equals(Stratum.ALL)) {
                continue;
            }
            cost = Counts.plus(cost, evidence.get(stratum, tally -> tally.get(Measures.ARM_COST, 2)));
            cost = Counts.plus(cost, evidence.get(stratum, tally -> tally.get(Measures.ARM_COST, 4)));
            if (stratum.cohort() == Cohort.COHORT_CANARY && stratum.stage() > 0 && stratum.stage() < last) {
                requests += evidence.get(stratum, tally -> tally.get(Measures.REQUESTS, 0));
                devices = Math.max(devices, evidence.get(stratum, tally -> tally.get(Measures.DEVICES, 0)));
            }
        }
        boolean canary = rollout.isLeased() && rollout.phase().stageNumber() < last;
        long minutes = canary
                ? rollout.carried()
                        .exposedSince()
                        .map(since -> Duration.between(since, now).toMinutes())
                        .orElse(0L)
                : 0;
        return new Spent(devices, requests, Math.max(0, minutes), cost);
    }

    /// Which of the plan's limits are reached in this stage, in words; empty when none is.
    static List<String> reached(Rollout rollout, Plan plan, Evidence evidence, int stage, Instant now) {
        return plan.conduct()
                .exposure()
                .reached(spent(rollout, plan, evidence, now), stage > 0 && stage < plan.lastStage());
    }

    private List<String> reached(Spent spent, boolean below) {
        List<String> reached = new ArrayList<>();
        if (below) {
            limit(reached, devices, spent.devices(), "devices");
            limit(reached, requests, spent.requests(), "canary requests");
            limit(reached, minutes, spent.minutes(), "minutes of canary");
        }
        limit(reached, costNanos, spent.costNanos(), "nano-units of cost");
        return reached;
    }

    private static void limit(List<String> reached, OptionalLong limit, long spent, String what) {
        if (limit.isPresent() && spent >= limit.getAsLong()) {
            reached.add(Words.count(spent) + " of at most " + Words.count(limit.getAsLong()) + " " + what);
        }
    }
}
