// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Says what still stands between a stage and the next one, or between a watch and completion. Only
/// when nothing does, the share may rise.
final class Gatekeeper {
    private Gatekeeper() {}

    /// What is awaited: from the evidence, and from people and the calendar. Only the first can run out of time. What
    /// a gate still needs is computed when it is told.
    record Waits(List<Lazy<String>> evidence, List<Lazy<String>> others) {
        boolean isEmpty() {
            return evidence.isEmpty() && others.isEmpty();
        }

        List<String> all() {
            List<String> all = new ArrayList<>(told());
            others.forEach(each -> all.add(each.get()));
            return all;
        }

        /// Of the evidence only.
        List<String> told() {
            return evidence.stream().map(Lazy::get).toList();
        }
    }

    static Waits waits(
            Rollout rollout, int stageNumber, Plan plan, Evidence evidence, List<Verdict> verdicts, Instant now) {
        return new Waits(
                measured(rollout, stageNumber, plan, evidence, verdicts, now), others(rollout, stageNumber, plan, now));
    }

    /// How many people must approve the next step. Those who approved a watch do not complete it in
    /// safe mode.
    static int approvals(Phase phase, Plan plan) {
        int safe = plan.conduct().safeMode() ? 1 : 0;
        return switch (phase) {
            case Phase.Active active -> Math.max(plan.stage(active.stage()).approvals(), safe);
            case Phase.Paused paused -> approvals(paused.at(), plan);
            case Phase.Watched watched -> safe;
            case Phase.Draft draft -> 0;
            case Phase.Validating validating -> 0;
            case Phase.RollingBack rollingBack -> 0;
            case Phase.Ended ended -> 0;
        };
    }

    private static List<Lazy<String>> others(Rollout rollout, int stageNumber, Plan plan, Instant now) {
        List<Lazy<String>> waits = new ArrayList<>();
        int asked = approvals(rollout.phase(), plan);
        int given = rollout.carried().approvals().size();
        if (given < asked) {
            waits.add(Lazy.known(
                    "approval by " + (given == 0 ? "" : "another ") + Words.count(asked - given, "person", "people")));
        }
        boolean watchIsNext = rollout.phase() instanceof Phase.Active
                && stageNumber == plan.lastStage()
                && plan.conduct().watchSeconds() > 0;
        if (!watchIsNext) {
            plan.conduct().blackouts().stream()
                    .filter(blackout -> blackout.covers(now))
                    .forEach(blackout -> waits.add(Lazy.known("the end of the blackout (" + blackout.words() + ")")));
        }
        return waits;
    }

    private static List<Lazy<String>> measured(
            Rollout rollout, int stageNumber, Plan plan, Evidence evidence, List<Verdict> verdicts, Instant now) {
        Stage stage = plan.stage(stageNumber);
        List<Lazy<String>> waits = new ArrayList<>();
        if (!evidence.fault().isEmpty()) {
            waits.add(Lazy.known("a measurement that can be trusted: " + evidence.fault()));
        }
        long elapsed = Duration.between(rollout.times().stageSince(), now).toSeconds();
        if (elapsed < stage.minSeconds()) {
            waits.add(Lazy.known(Words.seconds(stage.minSeconds() - elapsed) + " of its minimum time"));
        }
        if (!evidence.isFresh(stageNumber, now, plan.terms().freshnessSeconds())) {
            waits.add(Lazy.known(
                    "fresh evidence, nothing came within " + plan.terms().freshnessSeconds() + " s"));
        }
        long missing = stage.minObservations() - evidence.observations(stageNumber);
        if (missing > 0) {
            waits.add(Lazy.known(Words.count(missing) + (stageNumber == 0 ? " more pairs" : " more canary requests")));
        }
        long pairs = stage.minPairs() - evidence.pairs(stageNumber);
        if (pairs > 0) {
            waits.add(Lazy.known(Words.count(pairs) + " more complete pairs"));
        }
        // In the last stage nothing rises any more, and at 100 % nobody may be left to ask the champion.
        if (stageNumber < plan.lastStage()) {
            Champion.missing(evidence.champion(stageNumber), evidence.championLately(stageNumber))
                    .ifPresent(wait -> waits.add(Lazy.known(wait)));
        }
        long stageDevices = evidence.devices(stageNumber);
        if (stageDevices < stage.minDevices()) {
            waits.add(Lazy.known(Words.count(stage.minDevices() - stageDevices) + " more devices"));
        }
        gates(stage, plan, verdicts, stageDevices, waits);
        waits.addAll(OwnPairs.waits(plan, evidence, stageNumber));
        if (!evidence.driftHold().isEmpty()) {
            waits.add(Lazy.known("drift to end, which holds promotion: " + evidence.driftHold()));
        }
        return waits;
    }

    private static void gates(
            Stage stage, Plan plan, List<Verdict> verdicts, long stageDevices, List<Lazy<String>> waits) {
        for (Map.Entry<String, Gate> gate : stage.gates().entrySet()) {
            if (plan.isWaived(gate.getKey())) {
                continue;
            }
            boolean known = false;
            for (Verdict verdict : verdicts) {
                if (verdict.name().equals(gate.getKey())) {
                    known = true;
                    long enough = verdict.guardrail().minObservations();
                    boolean onlyDevices = stageDevices < stage.minDevices()
                            && verdict.satisfies(gate.getValue(), enough, stage.minDevices(), stage);
                    if (!onlyDevices && !verdict.satisfies(gate.getValue(), enough, stageDevices, stage)) {
                        waits.add(Lazy.of(() -> wait(verdict, gate.getValue())));
                    }
                }
            }
            if (!known) {
                waits.add(Lazy.known(gate.getKey() + ", of which there is no verdict"));
            }
        }
    }

    private static String wait(Verdict verdict, Gate gate) {
        String asked = gate == Gate.SAFE ? "SAFE" : "not BREACH with enough observations";
        String text =
                verdict.name() + " " + asked + " (now " + verdict.outcome().text();
        if (gate == Gate.NOT_BREACH && verdict.outcome() == Outcome.UNDECIDED) {
            text += ", " + Words.count(verdict.observations()) + " of "
                    + Words.count(verdict.guardrail().minObservations()) + " "
                    + verdict.guardrail().kind().things();
        } else if (verdict.outcome() == Outcome.UNDECIDED
                && verdict.neededDevices().isPresent()) {
            long devices = verdict.neededDevices().getAsLong();
            text += verdict.guardrail().safeForFleet()
                    ? ", about " + Words.count(devices, "device block", "device blocks") + " more"
                    : devices > 0 ? ", " + Words.count(devices, "device", "devices") + " more" : "";
        }
        return text + ")";
    }
}
