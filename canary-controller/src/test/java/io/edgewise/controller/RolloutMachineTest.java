// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.RolloutId;
import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Ulid;
import io.edgewise.testkit.SeededCases;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RolloutMachineTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    @Test
    void everyCombinationOfPhaseEvidenceTimeAndPolicyKeepsTheLaws() {
        for (OnUndecided policy : OnUndecided.values()) {
            Plan plan = small(policy);
            for (Phase phase : phases()) {
                for (Seen seen : Seen.values()) {
                    for (long seconds : new long[] {-5, 5, 20, 150}) {
                        check(plan, phase, seen, seconds);
                    }
                }
            }
        }
    }

    private static void check(Plan plan, Phase phase, Seen seen, long seconds) {
        String at = plan.stage(1).onUndecided() + " " + phase + " " + seen + " after " + seconds + " s";
        Rollout rollout = at(phase, plan);
        Instant now = START.plusSeconds(seconds);
        Transition transition = RolloutMachine.decide(rollout, plan, Seen.evidence(plan, seen, phase, now), now);
        Phase next = transition.next().phase();

        if (phase.isOver()) {
            assertThat(transition.effects()).as(at).isEmpty();
            assertThat(next).as(at).isEqualTo(phase);
            return;
        }
        if (seen == Seen.BAD) {
            assertThat(next).as(at).isInstanceOf(Phase.RolledBack.class);
            assertThat(transition.next().shareBp(plan)).as(at).isZero();
            return;
        }
        boolean may = phase instanceof Phase.Active && seen == Seen.GOOD && seconds >= 10;
        int before = rollout.shareBp(plan);
        boolean rose = transition.next().shareBp(plan) > before || next instanceof Phase.Completed;
        assertThat(rose).as(at).isEqualTo(may);
        if (phase instanceof Phase.Active && !may && seconds >= 100) {
            assertThat(transition.decides()).as(at).isTrue();
        }
        boolean canBeLeft = List.of(Act.Kind.values()).stream()
                .map(kind ->
                        HumanActs.act(transition.next(), plan, Evidence.none(plan), new Act(kind, "ana", "test"), now))
                .anyMatch(answer -> answer instanceof HumanActs.Answer.Done);
        assertThat(canBeLeft || next.isOver()).as(at).isTrue();
    }

    @Test
    void randomWalksNeverRaiseTheShareWithoutFreshSatisfiedGates() {
        SeededCases.forAll(40, RolloutMachineTest::walk);
    }

    private static void walk(SplittableRandom random) {
        Plan plan = Plans.demo();
        double agreement = random.nextInt(3) == 0 ? 0.70 : 0.93;
        World world = new World(
                random, new World.Traits(agreement, random.nextInt(4) == 0 ? 0.2 : 0.0005, 0.001, 0.001, 0.25, 1_000));
        Instant now = START;
        Rollout rollout = RolloutMachine.start(identity(), plan, "ana").next();
        Evidence evidence = Evidence.none(plan);
        long appended = now.toEpochMilli();
        for (int step = 0; step < 60; step++) {
            now = now.plusSeconds(1 + random.nextInt(12));
            if (random.nextInt(8) > 0) {
                serve(world, rollout, plan);
                appended = now.toEpochMilli();
            }
            evidence = seen(world, evidence, appended, random);
            if (random.nextInt(2) == 0) {
                evidence = evidence.cut(now);
            }
            Rollout before = rollout;
            if (random.nextInt(25) == 0) {
                Act.Kind kind = random.nextBoolean() ? Act.Kind.PAUSE : Act.Kind.RESUME;
                if (HumanActs.act(rollout, plan, evidence, new Act(kind, "ana", "walk"), now)
                        instanceof HumanActs.Answer.Done done) {
                    rollout = done.transition().next();
                }
                assertThat(rollout.shareBp(plan)).isLessThanOrEqualTo(before.shareBp(plan));
                continue;
            }
            Transition transition = RolloutMachine.decide(rollout, plan, evidence, now);
            rollout = transition.next();
            law(before, transition, plan, evidence, now);
        }
    }

    private static void law(Rollout before, Transition transition, Plan plan, Evidence evidence, Instant now) {
        Rollout after = transition.next();
        List<Verdict> verdicts = Judge.verdicts(plan, evidence);
        boolean breach = verdicts.stream().anyMatch(verdict -> verdict.outcome() == Outcome.BREACH);
        if (breach && !before.phase().isOver()) {
            assertThat(after.phase()).isInstanceOf(Phase.RolledBack.class);
        }
        if (after.shareBp(plan) > before.shareBp(plan)) {
            int stage = before.phase().stageNumber();
            assertThat(before.phase()).isInstanceOf(Phase.Active.class);
            assertThat(evidence.fault()).isEmpty();
            assertThat(evidence.driftHold()).isEmpty();
            assertThat(evidence.isFresh(stage, now, 60)).isTrue();
            assertThat(Duration.between(before.times().stageSince(), now).toSeconds())
                    .isGreaterThanOrEqualTo(plan.stage(stage).minSeconds());
            for (Verdict verdict : verdicts) {
                Gate gate = plan.stage(stage).gates().get(verdict.name());
                if (gate == Gate.SAFE) {
                    assertThat(verdict.outcome()).isEqualTo(Outcome.SAFE);
                } else if (gate == Gate.NOT_BREACH) {
                    assertThat(verdict.outcome()).isIn(Outcome.SAFE, Outcome.UNDECIDED);
                }
            }
            assertThat(after.phase().stageNumber()).isEqualTo(stage + 1);
        }
    }

    private static void serve(World world, Rollout rollout, Plan plan) {
        int stage = rollout.phase().stageNumber();
        if (stage == 0) {
            world.shadow(1_500);
        } else {
            world.canary(
                    stage, 1_500, plan.stage(stage).shareBp(), plan.stage(stage).pairingCanaryBp());
        }
    }

    private static Evidence seen(World world, Evidence before, long appended, SplittableRandom random) {
        EvidenceLedger ledger = before.ledger();
        Map<Stratum, Long> last = new HashMap<>();
        world.counters().keySet().forEach(stratum -> last.put(stratum, appended));
        return new Evidence(
                ledger,
                ledger.since(world.counters()),
                last,
                random.nextInt(10) == 0 ? "open finding of severity act on entropy" : "",
                random.nextInt(10) == 0 ? "the evaluator publishes no evidence" : "");
    }

    @Test
    void aGoodBuildGoesFromShadowToEverybodyAndEveryDecisionExplainsItself() {
        Plan plan = Plans.demo();
        World world = new World(new SplittableRandom(11), World.Traits.GOOD);
        Rollout rollout = RolloutMachine.start(identity(), plan, "ana").next();
        Evidence evidence = Evidence.none(plan);
        Instant now = START;
        StringBuilder told = new StringBuilder();
        for (int second = 0; second < 400 && !rollout.phase().isOver(); second += 2) {
            now = START.plusSeconds(second);
            int stage = rollout.phase().stageNumber();
            if (stage == 0) {
                world.shadow(600);
            } else {
                world.canary(
                        stage,
                        600,
                        plan.stage(stage).shareBp(),
                        plan.stage(stage).pairingCanaryBp());
            }
            Map<Stratum, Long> last = new HashMap<>();
            for (Stratum stratum : world.counters().keySet()) {
                last.put(stratum, now.toEpochMilli());
            }
            evidence = new Evidence(evidence.ledger(), evidence.ledger().since(world.counters()), last, "", "");
            evidence = second % 10 == 0 ? evidence.cut(now) : evidence;
            Transition transition = RolloutMachine.decide(rollout, plan, evidence, now);
            rollout = transition.next();
            for (Effect effect : transition.effects()) {
                if (effect instanceof Effect.Write write) {
                    told.append(second)
                            .append(" s ")
                            .append(write.decision().kind())
                            .append(": ");
                    told.append(write.decision().sentence()).append('\n');
                }
            }
        }

        assertThat(rollout.phase()).as(told.toString()).isInstanceOf(Phase.Completed.class);
        assertThat(Duration.between(START, now)).isLessThan(Duration.ofMinutes(3));
        assertThat(told.toString())
                .contains("Promoted from \"shadow\" to \"1 %\" (1 % of the users): every gate is satisfied. Closest: ")
                .contains("Next: \"10 %\" once the gates of \"1 %\" hold, not before 40 s.")
                .contains("Completed after \"100 %\": \"int4\" is approved for everybody.");
    }

    @Test
    void driftHoldsPromotionAndSaysSoOnce() {
        Plan plan = small(OnUndecided.HOLD);
        Instant now = START.plusSeconds(20);
        Rollout rollout = at(new Phase.Shadow(), plan);
        Evidence evidence = Seen.evidence(plan, Seen.DRIFTING, rollout.phase(), now);

        Transition first = RolloutMachine.decide(rollout, plan, evidence, now);
        Transition second = RolloutMachine.decide(first.next(), plan, evidence, now.plusSeconds(15));

        assertThat(first.next().phase()).isInstanceOf(Phase.Shadow.class);
        assertThat(first.outlook()).contains("Drift holds promotion: open finding of severity act on entropy.");
        assertThat(second.decides()).isFalse();
        assertThat(second.outlook()).contains("drift to end, which holds promotion");
    }

    @Test
    void leasesAreRenewedEveryThirdOfTheirLifeAlsoWhilePaused() {
        Plan plan = small(OnUndecided.HOLD);
        Rollout paused = at(new Phase.Paused(new Phase.Canary(1)), plan);

        Transition early = RolloutMachine.decide(paused, plan, Evidence.none(plan), START.plusSeconds(5));
        Instant late = START.plusSeconds(301);
        Transition due =
                RolloutMachine.decide(paused, plan, Seen.evidence(plan, Seen.LITTLE, paused.phase(), late), late);

        assertThat(early.effects()).doesNotHaveAnyElementsOfTypes(Effect.Renew.class);
        assertThat(due.effects()).hasAtLeastOneElementOfType(Effect.Renew.class);
        assertThat(due.next().lease().issue()).isEqualTo(paused.lease().issue() + 1);
    }

    @Test
    void aCanaryThatNobodyMeasuresLosesItsLeaseUntilItIsMeasuredAgain() {
        Plan plan = small(OnUndecided.HOLD);
        Rollout paused = at(new Phase.Paused(new Phase.Canary(1)), plan);
        Instant late = START.plusSeconds(301);
        Evidence old = Seen.evidence(plan, Seen.LITTLE, paused.phase(), late.minusSeconds(181));

        Transition stale = RolloutMachine.decide(paused, plan, old, late);
        Transition faulty =
                RolloutMachine.decide(paused, plan, Seen.evidence(plan, Seen.BROKEN, paused.phase(), late), late);
        Transition again =
                RolloutMachine.decide(stale.next(), plan, Seen.evidence(plan, Seen.LITTLE, paused.phase(), late), late);

        assertThat(stale.effects()).doesNotHaveAnyElementsOfTypes(Effect.Renew.class);
        assertThat(stale.outlook()).contains("The lease is not renewed while nothing is measured");
        assertThat(faulty.effects()).doesNotHaveAnyElementsOfTypes(Effect.Renew.class);
        assertThat(again.effects()).hasAtLeastOneElementOfType(Effect.Renew.class);
    }

    @Test
    void peopleMayPromoteWithAReasonButNotPastABreach() {
        Plan plan = small(OnUndecided.HOLD);
        Rollout shadow = at(new Phase.Shadow(), plan);
        Act promote = new Act(Act.Kind.PROMOTE, "ana", "tested offline");

        HumanActs.Answer done = HumanActs.act(shadow, plan, Evidence.none(plan), promote, START);
        HumanActs.Answer refused =
                HumanActs.act(shadow, plan, Seen.evidence(plan, Seen.BAD, shadow.phase(), START), promote, START);

        assertThat(done).isInstanceOfSatisfying(HumanActs.Answer.Done.class, answer -> {
            assertThat(answer.transition().next().phase()).isEqualTo(new Phase.Canary(1));
            assertThat(answer.transition().outlook())
                    .contains("ana promoted it")
                    .contains("tested offline");
        });
        assertThat(refused)
                .isInstanceOfSatisfying(
                        HumanActs.Answer.Refused.class,
                        answer -> assertThat(answer.why()).contains("promotion past a breach is not possible"));
    }

    private static List<Phase> phases() {
        return List.of(
                new Phase.Shadow(),
                new Phase.Canary(1),
                new Phase.Canary(2),
                new Phase.Paused(new Phase.Shadow()),
                new Phase.Paused(new Phase.Canary(1)),
                new Phase.Completed(2),
                new Phase.RolledBack(1),
                new Phase.Aborted(0));
    }

    static Plan small(OnUndecided policy) {
        List<Guardrail> guardrails =
                List.of(new Guardrail("agreement", GuardrailKind.AGREEMENT, 0.85, 1, OptionalDouble.empty(), 100));
        TreeMap<String, Gate> gates = new TreeMap<>(Map.of("agreement", Gate.SAFE));
        List<Stage> stages = List.of(
                new Stage("shadow", 0, 10, 100, 100, 30, 10_000, 10_000, gates, policy),
                new Stage("half", 5_000, 10, 100, 100, 30, 10_000, 0, gates, policy),
                new Stage("all", 10_000, 10, 100, 100, 30, 200, 0, gates, policy));
        return new Plan("small", stages, guardrails, new Terms(0.01, 0.05, 60, 900, 60, 15), new TreeMap<>(), Set.of());
    }

    static Rollout.Identity identity() {
        return new Rollout.Identity(
                new RolloutId(Ulid.of(START, new SplittableRandom(1))),
                "default",
                "intent",
                new Model.Frontier("cloud"),
                new Model.Build("int4", Map.of("any", "a".repeat(64))),
                START);
    }

    static Rollout at(Phase phase, Plan plan) {
        Rollout.Times times = new Rollout.Times(START, START, START.plusSeconds(100), START);
        Map<String, String> noted = new TreeMap<>(
                RolloutMachine.start(identity(), plan, "ana").next().noted());
        return new Rollout(identity(), phase, times, new Rollout.Lease(3, START), noted);
    }
}
