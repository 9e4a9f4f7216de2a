// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What the policies of a plan do, and when.
class PoliciesTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final Phase.Canary CANARY = new Phase.Canary(1);

    @Test
    void aReachedLimitOfExposureRollsAPausedCanaryBackToo() {
        Exposure hour =
                new Exposure(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(60), OptionalLong.empty());
        Plan plan = plan(new Terms(hour));
        Rollout paused = canary(plan).withPhase(new Phase.Paused(CANARY), START.plusSeconds(1_800));

        Transition before = decide(paused, plan, Seen.LITTLE, START.plusSeconds(3_599));
        Transition after = decide(paused, plan, Seen.LITTLE, START.plusSeconds(3_600));

        assertThat(before.next().phase()).isEqualTo(paused.phase());
        assertThat(after.next().phase()).isEqualTo(new Phase.RolledBack(1));
        assertThat(after.outlook()).contains("limit of exposure is reached: 60 of at most 60 minutes of canary.");
    }

    @Test
    void aBrokenMeasurementHasThePolicysTimeFromWhenItBroke() {
        Plan plan = plan(new Terms(Exposure.UNLIMITED).rollingBackAfter(900));
        Instant broken = START.plusSeconds(10_800);
        Rollout healthy = canary(plan).withDeadline(START.plusSeconds(100_000));

        Transition first = decide(healthy, plan, Seen.BROKEN, broken);
        Transition later = decide(first.next(), plan, Seen.BROKEN, broken.plusSeconds(899));
        Transition over = decide(later.next(), plan, Seen.BROKEN, broken.plusSeconds(900));

        assertThat(first.next().phase()).isEqualTo(CANARY);
        assertThat(later.next().phase()).isEqualTo(CANARY);
        assertThat(over.next().phase()).isEqualTo(new Phase.RolledBack(1));
        assertThat(over.outlook())
                .contains("nothing that can be trusted was measured in \"half\" for 15 min: counters went back.");
    }

    @Test
    void aMeasurementThatWorksAgainHasAllOfTheTimeAgain() {
        Plan plan = plan(new Terms(Exposure.UNLIMITED).rollingBackAfter(900));
        Rollout healthy = canary(plan).withDeadline(START.plusSeconds(100_000));
        Rollout broken =
                decide(healthy, plan, Seen.BROKEN, START.plusSeconds(60)).next();
        Rollout works =
                decide(broken, plan, Seen.LITTLE, START.plusSeconds(900)).next();

        Transition again = decide(works, plan, Seen.BROKEN, START.plusSeconds(1_000));

        assertThat(broken.carried().faultSince()).contains(START.plusSeconds(60));
        assertThat(works.carried().faultSince()).isEmpty();
        assertThat(again.next().phase()).isEqualTo(CANARY);
    }

    @Test
    void aWatchIsCompletedOnlyOnceTheGatesOfTheLastStageHoldAndDriftHoldsNothing() {
        Plan plan = plan(new Terms(Exposure.UNLIMITED).watched());
        Instant end = START.plusSeconds(60);
        Rollout watched = RolloutMachineTest.at(new Phase.Watched(2), plan);

        for (Seen seen : List.of(Seen.LITTLE, Seen.NOTHING, Seen.STALE, Seen.BROKEN, Seen.DRIFTING)) {
            assertThat(decide(watched, plan, seen, end).next().phase())
                    .as(seen.name())
                    .isEqualTo(watched.phase());
        }
        Rollout told = decide(watched, plan, Seen.DRIFTING, end).next();
        assertThat(decide(told, plan, Seen.DRIFTING, end).outlook())
                .contains("Its watch is over. Waits, before completion, for drift to end");
        assertThat(decide(watched, plan, Seen.GOOD, end.minusSeconds(1)).next().phase())
                .isEqualTo(watched.phase());
        assertThat(decide(watched, plan, Seen.GOOD, end).next().phase()).isEqualTo(new Phase.Completed(2));
    }

    @Test
    void aWatchIsNotCompletedInABlackoutThoughItBeginsInOne() {
        Blackout always = new Blackout(Set.of(), LocalTime.NOON, LocalTime.NOON, ZoneOffset.UTC);
        Plan plan = plan(new Terms(Exposure.UNLIMITED).watched().dark(always));
        Instant end = START.plusSeconds(60);

        Transition begun = decide(RolloutMachineTest.at(new Phase.Canary(2), plan), plan, Seen.GOOD, end);
        Transition over = decide(begun.next(), plan, Seen.GOOD, end.plusSeconds(600));

        assertThat(begun.next().phase()).isEqualTo(new Phase.Watched(2));
        assertThat(over.next().phase()).isEqualTo(new Phase.Watched(2));
        assertThat(over.outlook()).contains("the end of the blackout");
    }

    @Test
    void inSafeModeAPersonApprovesTheWatchAndAfterItCompletion() {
        Plan plan = plan(new Terms(Exposure.UNLIMITED).watched().safe());
        Act yes = new Act(Act.Kind.APPROVE, "ana", "looks good");
        Instant end = START.plusSeconds(60);
        Rollout last = RolloutMachineTest.at(new Phase.Canary(2), plan);

        Rollout watched =
                decide(approved(last, plan, yes), plan, Seen.GOOD, end).next();
        Instant later = end.plusSeconds(60);
        Transition waits = decide(watched, plan, Seen.GOOD, later);
        Transition done = decide(approved(watched, plan, yes), plan, Seen.GOOD, later);

        assertThat(watched.phase()).isEqualTo(new Phase.Watched(2));
        assertThat(waits.next().phase()).isEqualTo(new Phase.Watched(2));
        assertThat(waits.outlook()).contains("approval by 1 person");
        assertThat(done.next().phase()).isEqualTo(new Phase.Completed(2));
    }

    private static Rollout approved(Rollout rollout, Plan plan, Act act) {
        HumanActs.Answer answer = HumanActs.act(rollout, plan, Evidence.none(plan), act, START);
        assertThat(answer).isInstanceOf(HumanActs.Answer.Done.class);
        return ((HumanActs.Answer.Done) answer).transition().next();
    }

    /// What of a plan's conduct the cases vary.
    private record Terms(
            Exposure exposure,
            Optional<Conduct.NoEvidence> noEvidence,
            long watchSeconds,
            List<Blackout> blackouts,
            boolean safeMode) {
        Terms(Exposure exposure) {
            this(exposure, Optional.empty(), 0, List.of(), false);
        }

        Terms rollingBackAfter(long seconds) {
            return new Terms(
                    exposure,
                    Optional.of(new Conduct.NoEvidence(seconds, OnUndecided.ROLLBACK)),
                    watchSeconds,
                    blackouts,
                    safeMode);
        }

        Terms watched() {
            return new Terms(exposure, noEvidence, 60, blackouts, safeMode);
        }

        Terms dark(Blackout blackout) {
            return new Terms(exposure, noEvidence, watchSeconds, List.of(blackout), safeMode);
        }

        Terms safe() {
            return new Terms(exposure, noEvidence, watchSeconds, blackouts, true);
        }
    }

    private static Plan plan(Terms terms) {
        Plan small = RolloutMachineTest.small(OnUndecided.HOLD);
        return new Plan(
                small.name(),
                small.stages(),
                small.guardrails(),
                small.terms(),
                small.waivers(),
                small.truth(),
                new Conduct(
                        Optional.empty(),
                        terms.safeMode(),
                        terms.noEvidence(),
                        terms.blackouts(),
                        terms.exposure(),
                        new TreeMap<>(),
                        terms.watchSeconds(),
                        0,
                        false,
                        0));
    }

    private static Rollout canary(Plan plan) {
        return RolloutMachineTest.at(new Phase.Shadow(), plan).enter(CANARY, plan, START);
    }

    private static Transition decide(Rollout rollout, Plan plan, Seen seen, Instant now) {
        return RolloutMachine.decide(rollout, plan, Seen.evidence(plan, seen, rollout.phase(), now), now);
    }
}
