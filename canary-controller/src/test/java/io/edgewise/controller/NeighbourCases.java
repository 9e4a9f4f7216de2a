// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.sample.MannWhitney;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What this controller answers in a situation that another tool's tests describe.
final class NeighbourCases {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
    private static final Stratum CANARY = new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL);
    private static final long MANY = 9_000;

    /// The class that a rank test at 95 % gives.
    private static final double SMALL = 0.05;

    private final JsonNode series;

    NeighbourCases(JsonNode series) {
        this.series = series;
    }

    String answer(JsonNode given) {
        return switch (given.get("type").asText()) {
            case "latency" -> latency(values(given, "control"), values(given, "canary"));
            case "verdicts" -> verdicts(given);
            case "pairs" -> pairs(given);
            case "seen" -> seen(given);
            case "path" -> path(given);
            case "devices" -> devices(given);
            case "limit" -> limit(given.get("limit").asText());
            default -> throw new IllegalArgumentException("no such type: " + given);
        };
    }

    private double[] values(JsonNode given, String side) {
        JsonNode named = series.get(given.get(side).asText());
        double[] values = new double[named.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = named.get(i).asDouble();
        }
        return values;
    }

    /// The values are milliseconds of requests, +10 % may be: once each, and as often as makes many
    /// requests of each side.
    private static String latency(double[] control, double[] canary) {
        return "as given: " + slower(control, 1, canary, 1) + "; as 9,000 requests: "
                + slower(control, times(control), canary, times(canary)) + "; ranks: " + ranks(canary, control);
    }

    private static long times(double[] values) {
        return values.length == 0 ? 0 : MANY / values.length;
    }

    private static String slower(double[] control, long controlTimes, double[] canary, long canaryTimes) {
        Guardrail guardrail = guardrail(GuardrailKind.LATENCY_P99, 0.1);
        return outcome(guardrail, requests(control, controlTimes), requests(canary, canaryTimes));
    }

    private static Tally requests(double[] millis, long times) {
        Tally tally = new Tally().add(Measures.DEVICES, 0, 60);
        for (double value : millis) {
            tally.add(Measures.REQUESTS, 0, times).add(Measures.USER_LATENCY, LogGrid.cell(1_000 * value), times);
        }
        return tally;
    }

    private static String ranks(double[] canary, double[] control) {
        MannWhitney test = MannWhitney.of(canary, control);
        if (Double.isNaN(test.p())) {
            return "none";
        }
        return test.p() >= SMALL ? "alike" : test.effect() > 0.5 ? "larger" : "smaller";
    }

    private static String pairs(JsonNode given) {
        long devices = given.get("devices").asLong();
        Tally shadow = new Tally()
                .add(Measures.REQUESTS, 0, devices)
                .add(Measures.PAIRS, 0, given.get("agree").asLong())
                .add(Measures.PAIRS, 1, given.get("disagree").asLong())
                .add(Measures.DEVICES, 0, devices);
        return outcome(guardrail(GuardrailKind.AGREEMENT, 0.85), shadow, new Tally());
    }

    private static String devices(JsonNode given) {
        long known = given.get("devices").asLong();
        Tally canary = new Tally()
                .add(Measures.REQUESTS, 0, known)
                .add(Measures.DEVICES, 0, known)
                .add(Fleet.COUNTS, Fleet.KNOWN, known)
                .add(Fleet.COUNTS, Fleet.SETTLED, known)
                .add(Fleet.COUNTS, Fleet.CRASHED, given.get("bad").asLong());
        return outcome(
                guardrail(GuardrailKind.CRASHES, given.get("limit").asDouble()),
                new Tally().add(Measures.REQUESTS, 0, known),
                canary);
    }

    private static Guardrail guardrail(GuardrailKind kind, double limit) {
        return new Guardrail(PlanDefaults.guardrail(kind, 1, 1).name(), kind, limit, 1, OptionalDouble.empty(), 1);
    }

    private static String outcome(Guardrail guardrail, Tally shadow, Tally canary) {
        Plan plan = plan(List.of(guardrail), PlanDefaults.stages(List.of(guardrail)), Map.of(), Conduct.PLAIN);
        List<EvidenceBlock> blocks = new ArrayList<>();
        for (Map.Entry<Stratum, Tally> entry : List.of(Map.entry(SHADOW, shadow), Map.entry(CANARY, canary))) {
            if (!entry.getValue().isEmpty()) {
                blocks.add(EvidenceBlock.cut(
                        blocks.size() + 1,
                        START.plusSeconds(10L * blocks.size()),
                        new TreeMap<>(Map.of(entry.getKey(), entry.getValue()))));
            }
        }
        Evidence evidence = new Evidence(EvidenceLedger.of(plan, blocks), new TreeMap<>(), Map.of(), "", "");
        return Judge.verdicts(plan, evidence).getFirst().outcome().text();
    }

    private static Plan plan(
            List<Guardrail> guardrails, List<Stage> stages, Map<String, String> waivers, Conduct conduct) {
        return new Plan(
                "neighbour", stages, guardrails, PlanDefaults.terms(stages), new TreeMap<>(waivers), Set.of(), conduct);
    }

    /// Guardrails that stand so, all asked to be SAFE before the next stage.
    private static String verdicts(JsonNode given) {
        List<Guardrail> guardrails = new ArrayList<>();
        SortedMap<String, Gate> gates = new TreeMap<>();
        Map<String, Outcome> outcomes = new TreeMap<>();
        int all = given.get("verdicts").size();
        given.get("verdicts").properties().forEach(each -> {
            GuardrailKind kind = kind(each.getKey());
            double weight = given.has("weights")
                    ? given.get("weights").get(each.getKey()).asDouble()
                    : 1.0 / all;
            guardrails.add(PlanDefaults.guardrail(kind, weight, 1));
            gates.put(each.getKey(), Gate.SAFE);
            outcomes.put(each.getKey(), Outcome.valueOf(each.getValue().asText()));
        });
        Map<String, String> waivers = new TreeMap<>();
        given.path("waived").forEach(name -> waivers.put(name.asText(), "report only"));
        SortedMap<String, Gate> inShadow = new TreeMap<>(gates);
        inShadow.keySet().removeIf(name -> kind(name).isLive());
        Plan plan = plan(guardrails, stages(inShadow, gates, OnUndecided.HOLD, 100), waivers, Conduct.PLAIN);
        List<Verdict> stand = guardrails.stream()
                .map(guardrail -> verdict(guardrail, Objects.requireNonNull(outcomes.get(guardrail.name()))))
                .toList();
        Rollout rollout = RolloutMachineTest.at(phase(given), plan);
        Instant now = START.plusSeconds(20);
        Evidence evidence = Seen.evidence(plan, Seen.GOOD, rollout.phase(), now);
        return words(rollout, new RolloutMachine(rollout, plan, evidence, stand, now).decide());
    }

    private static GuardrailKind kind(String name) {
        for (GuardrailKind kind : GuardrailKind.values()) {
            if (PlanDefaults.guardrail(kind, 1, 1).name().equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(name + " is no guardrail");
    }

    private static Verdict verdict(Guardrail guardrail, Outcome outcome) {
        return new Verdict(
                guardrail,
                outcome,
                false,
                Estimand.REQUESTS,
                guardrail.limit(),
                1_000,
                100,
                100,
                outcome == Outcome.BREACH ? 20 : 0,
                10,
                outcome == Outcome.SAFE ? 5 : 0,
                3,
                Lazy.known(new Verdict.Shown(
                        Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), outcome.text() + ".")));
    }

    private static List<Stage> stages(
            SortedMap<String, Gate> inShadow, SortedMap<String, Gate> gates, OnUndecided policy, long least) {
        return List.of(
                new Stage("shadow", 0, 10, 100, 100, 30, 10_000, 10_000, inShadow, policy),
                new Stage("half", 5_000, 10, 100, least, 30, 10_000, 0, gates, policy),
                new Stage("all", 10_000, 10, 100, 100, 30, 200, 0, gates, policy));
    }

    /// Evidence of one kind at one time.
    private static String seen(JsonNode given) {
        Optional<Conduct.NoEvidence> policy = given.has("noEvidence")
                ? Optional.of(new Conduct.NoEvidence(
                        given.get("noEvidence").get("afterSeconds").asLong(),
                        OnUndecided.valueOf(given.get("noEvidence").get("then").asText())))
                : Optional.empty();
        Plan plan = agreement(
                OnUndecided.valueOf(given.get("onUndecided").asText()),
                given.path("least").asLong(100),
                conduct(policy, 0));
        Rollout rollout = RolloutMachineTest.at(phase(given), plan);
        Instant now = START.plusSeconds(given.get("seconds").asLong());
        Evidence evidence = evidence(given.get("seen").asText(), plan, rollout.phase(), now);
        if (!given.has("act")) {
            return words(rollout, RolloutMachine.decide(rollout, plan, evidence, now));
        }
        Act act = new Act(Act.Kind.valueOf(given.get("act").asText()), "ana", "seen by eye");
        return switch (HumanActs.act(rollout, plan, evidence, act, now)) {
            case HumanActs.Answer.Done done -> words(rollout, done.transition());
            case HumanActs.Answer.Refused refused -> "refused: " + refused.why();
        };
    }

    private static Evidence evidence(String seen, Plan plan, Phase phase, Instant now) {
        return switch (seen) {
            case "GOOD_BEFORE" -> Seen.evidence(plan, Seen.GOOD, new Phase.Shadow(), now);
            case "NO_TRAFFIC" -> Evidence.none(plan);
            default -> Seen.evidence(plan, Seen.valueOf(seen), phase, now);
        };
    }

    private static Plan agreement(OnUndecided policy, long least, Conduct conduct) {
        SortedMap<String, Gate> gates = new TreeMap<>(Map.of("agreement", Gate.SAFE));
        return plan(
                List.of(guardrail(GuardrailKind.AGREEMENT, 0.85)),
                stages(gates, gates, policy, least),
                Map.of(),
                conduct);
    }

    private static Conduct conduct(Optional<Conduct.NoEvidence> policy, long watchSeconds) {
        Conduct plain = Conduct.PLAIN;
        return new Conduct(
                plain.validation(),
                plain.safeMode(),
                policy,
                plain.blackouts(),
                plain.exposure(),
                plain.selector(),
                watchSeconds,
                plain.holdbackBp(),
                plain.hybrid(),
                plain.repeatBp());
    }

    /// Looks with good evidence, each long enough after the one before; NEW is a roll-back by a
    /// person and a rollout of another build.
    private static String path(JsonNode given) {
        Plan plan = agreement(
                OnUndecided.HOLD,
                100,
                conduct(Optional.empty(), given.path("watchSeconds").asLong()));
        if (given.path("onlyAll").asBoolean()) {
            plan = plan(plan.guardrails(), List.of(plan.stage(0), plan.stage(2)), plan.waivers(), plan.conduct());
        }
        Rollout rollout =
                RolloutMachine.start(RolloutMachineTest.identity(), plan, "ana").next();
        List<String> path = new ArrayList<>(List.of(place(rollout, plan)));
        Instant now = START;
        for (JsonNode step : given.get("steps")) {
            now = now.plusSeconds(20);
            if (step.asText().equals("NEW")) {
                rollout = HumanActs.stop(rollout, plan, Fleet.UNKNOWN, "ana", "a newer build", now)
                        .orElseThrow()
                        .next();
                path.add(place(rollout, plan));
                rollout = RolloutMachine.start(RolloutMachineTest.identity(), plan, "ana")
                        .next();
            } else {
                rollout = RolloutMachine.decide(rollout, plan, good(plan, rollout, now), now)
                        .next();
            }
            path.add(place(rollout, plan));
        }
        if (rollout.phase() instanceof Phase.Watched) {
            now = now.plusSeconds(plan.conduct().watchSeconds());
            rollout = RolloutMachine.decide(rollout, plan, good(plan, rollout, now), now)
                    .next();
            path.add(place(rollout, plan));
        }
        return String.join(", ", path);
    }

    private static Evidence good(Plan plan, Rollout rollout, Instant now) {
        return Seen.evidence(plan, Seen.GOOD, rollout.phase(), now);
    }

    private static String place(Rollout rollout, Plan plan) {
        return rollout.phase().text().replace('_', ' ') + " " + rollout.shareBp(plan) / 100 + " %";
    }

    private static Phase phase(JsonNode given) {
        String text = given.get("phase").asText();
        int stage = text.chars().allMatch(Character::isLetter) ? 0 : text.charAt(text.length() - 1) - '0';
        return switch (text.replaceAll(" \\d", "")) {
            case "shadow" -> new Phase.Shadow();
            case "canary" -> new Phase.Canary(stage);
            case "paused" -> new Phase.Paused(new Phase.Canary(stage));
            case "completed" -> new Phase.Completed(stage);
            case "rolled back" -> new Phase.RolledBack(stage);
            default -> throw new IllegalArgumentException(text + " is no phase");
        };
    }

    private static String words(Rollout before, Transition transition) {
        Phase after = transition.next().phase();
        if (after.equals(before.phase())) {
            return "stays";
        }
        return switch (after) {
            case Phase.RolledBack back -> "rolled back";
            case Phase.Paused paused -> "held";
            case Phase.Canary canary -> "promoted";
            case Phase.Completed completed -> "completed";
            default -> after.text();
        };
    }

    /// A threshold that is no number comes as one that is not.
    private static String limit(String text) {
        double limit;
        try {
            limit = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            limit = Double.NaN;
        }
        Guardrail guardrail = guardrail(GuardrailKind.CRASHES, limit);
        try {
            return plan(List.of(guardrail), PlanDefaults.stages(List.of(guardrail)), Map.of(), Conduct.PLAIN)
                    .name();
        } catch (InvalidPlan e) {
            return "refused: " + String.join("; ", e.faults());
        }
    }
}
