// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConductTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final Phase HALF = new Phase.Canary(1);
    private static final Phase SHADOW = new Phase.Shadow();

    @Test
    void aBlackoutOverMidnightBelongsToTheDayOnWhichItBegan() {
        Blackout friday = new Blackout(
                Set.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("Europe/Berlin"));

        assertThat(friday.covers(Instant.parse("2026-11-27T20:59:00Z"))).isFalse();
        assertThat(friday.covers(Instant.parse("2026-11-27T21:00:00Z"))).isTrue();
        assertThat(friday.covers(Instant.parse("2026-11-28T04:59:00Z"))).isTrue();
        assertThat(friday.covers(Instant.parse("2026-11-28T05:00:00Z"))).isFalse();
        assertThat(friday.covers(Instant.parse("2026-11-28T22:00:00Z"))).isFalse();
    }

    @Test
    void aBlackoutHoldsTheShareAndItsEndPromotes() {
        Blackout morning = new Blackout(Set.of(), LocalTime.of(7, 0), LocalTime.of(8, 1), ZoneId.of("UTC"));
        Plan plan = plan(conduct(List.of(morning), Exposure.UNLIMITED, Map.of()));

        Transition during = good(plan, HALF, START.plusSeconds(59));
        Transition after = good(plan, HALF, START.plusSeconds(60));

        assertThat(during.next().phase()).isEqualTo(HALF);
        assertThat(during.outlook())
                .endsWith("Waits, before \"all\", for the end of the blackout (every day 07:00 to 08:01 UTC).");
        assertThat(after.next().phase()).isEqualTo(new Phase.Canary(2));
    }

    @Test
    void anOfflineSetPassesByItsLowerBoundAndFailsByItsUpperOne() {
        Conduct.Validation asked = new Conduct.Validation(100, 0.85);

        assertThat(OfflineSet.of(300, 285, asked).outcome()).isEqualTo(Outcome.SAFE);
        assertThat(OfflineSet.of(300, 210, asked).outcome()).isEqualTo(Outcome.BREACH);
        assertThat(OfflineSet.of(100, 88, asked).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(OfflineSet.of(40, 40, asked).sentence()).contains("60 more examples are the least");
    }

    @Test
    void heldBackUsersStayInTheLastStageOnly() {
        Plan plan = PlanDefaults.plan("p", OptionalLong.empty());
        Plan held = with(
                plan,
                new Conduct(
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        List.of(),
                        Exposure.UNLIMITED,
                        new TreeMap<>(),
                        0,
                        100,
                        false,
                        0));

        assertThat(held.shareBp(2)).isEqualTo(1_000);
        assertThat(held.shareBp(3)).isEqualTo(9_900);
        assertThat(held.hash()).isNotEqualTo(plan.hash());
    }

    /// Champion and challenger together, mirrored calls too; in shadow nobody is exposed, so a person decides.
    @Test
    void aSpentCostBudgetHoldsTheShadow() {
        Plan plan = bounded(new Exposure(none(), none(), none(), OptionalLong.of(1_000)));

        Transition within = looked(plan, SHADOW, 5, shadow(900, 99));
        Transition spent = looked(plan, SHADOW, 5, shadow(900, 100));

        assertThat(within.next().phase()).isEqualTo(SHADOW);
        assertThat(spent.next().phase()).isEqualTo(new Phase.Paused(new Phase.Shadow()));
        assertThat(spent.outlook())
                .contains("Held: the plan's limit of exposure is reached: 1,000 of at most 1,000 nano-units of cost.");
    }

    @Test
    void aSpentCostBudgetBringsTheCanaryBackAndWhatShadowCostCounts() {
        Plan plan = bounded(new Exposure(none(), none(), none(), OptionalLong.of(1_000)));
        SortedMap<Stratum, Tally> seen = shadow(500, 100);
        seen.put(canary(), new Tally().add(Measures.ARM_COST, 4, 400));

        assertThat(looked(plan, HALF, 5, shadow(500, 100)).next().phase()).isEqualTo(HALF);
        assertBack(looked(plan, HALF, 5, seen), "1,000 of at most 1,000 nano-units of cost");
    }

    @Test
    void aCostThatNoSumHasRoomForIsABudgetSpentAndStopsNoDecision() {
        Plan plan = bounded(new Exposure(none(), none(), none(), OptionalLong.of(1_000)));
        SortedMap<Stratum, Tally> seen = shadow(Counts.FULL, 100);
        seen.put(canary(), new Tally().add(Measures.ARM_COST, 4, 400));

        assertBack(looked(plan, HALF, 5, seen), "9,223,372,036,854,775,807 of at most 1,000 nano-units of cost");
        assertThat(looked(bounded(Exposure.UNLIMITED), HALF, 5, seen).next().phase())
                .isEqualTo(HALF);
    }

    @Test
    void asManyDevicesAsThePlanAllowsBringTheCanaryBack() {
        Plan plan = bounded(new Exposure(OptionalLong.of(5), none(), none(), none()));
        SortedMap<Stratum, Tally> many = new TreeMap<>(Map.of(canary(), new Tally().add(Measures.DEVICES, 0, 5)));
        SortedMap<Stratum, Tally> few = new TreeMap<>(Map.of(canary(), new Tally().add(Measures.DEVICES, 0, 4)));
        SortedMap<Stratum, Tally> inShadow =
                new TreeMap<>(Map.of(shadow(0, 0).firstKey(), new Tally().add(Measures.DEVICES, 0, 900)));

        assertThat(looked(plan, HALF, 5, few).next().phase()).isEqualTo(HALF);
        assertThat(looked(plan, SHADOW, 5, inShadow).next().phase()).isEqualTo(SHADOW);
        assertBack(looked(plan, HALF, 5, many), "5 of at most 5 devices");
    }

    @Test
    void asManyMinutesOfCanaryAsThePlanAllowsBringItBackFromTheFirstCanaryStageOn() {
        Plan plan = bounded(new Exposure(none(), none(), OptionalLong.of(1), none()));
        SortedMap<Stratum, Tally> seen = new TreeMap<>(Map.of(canary(), new Tally().add(Measures.DEVICES, 0, 1)));

        assertThat(looked(plan, HALF, 59, seen).next().phase()).isEqualTo(HALF);
        assertBack(looked(plan, HALF, 60, seen), "1 of at most 1 minutes of canary");
        assertThat(looked(plan, SHADOW, 90, shadow(0, 0)).next().phase()).isEqualTo(SHADOW);
    }

    /// The limit is of the stages before the last: from there on it is everybody's.
    @Test
    void aReachedLimitDoesNotKeepAHealthyRolloutFromItsLastStage() {
        Plan plan = bounded(new Exposure(OptionalLong.of(5), OptionalLong.of(5), none(), none()));

        assertThat(good(plan, HALF, START.plusSeconds(20)).next().phase()).isEqualTo(new Phase.Canary(2));
        assertThat(good(plan, new Phase.Canary(2), START.plusSeconds(20)).next().phase())
                .isEqualTo(new Phase.Completed(2));
    }

    @Test
    void thePlansSelectorIsInEverySignedOrderAlsoInTheOneThatLeadsBack() {
        Map<String, String> selector = Map.of("device_class", "kiosk", "locale", "en");
        Plan plan = plan(conduct(List.of(), Exposure.UNLIMITED, selector));

        for (Phase phase : List.of(SHADOW, HALF, new Phase.Completed(2), new Phase.RolledBack(1))) {
            Directive directive =
                    Orders.directive(RolloutMachineTest.at(phase, plan), plan, 1, new Effect.Direct(0, ""), START);
            assertThat(directive.getSelectorMap()).as(phase.text()).isEqualTo(selector);
        }
    }

    private static void assertBack(Transition transition, String why) {
        assertThat(transition.next().phase()).isEqualTo(new Phase.RolledBack(1));
        assertThat(transition.outlook())
                .startsWith("Rolled back from \"half\": the plan's limit of exposure is reached: " + why + ".");
    }

    private static OptionalLong none() {
        return OptionalLong.empty();
    }

    private static Stratum canary() {
        return new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL);
    }

    /// What it cost, and nothing else.
    private static SortedMap<Stratum, Tally> shadow(long champion, long challenger) {
        return new TreeMap<>(Map.of(
                new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL),
                new Tally().add(Measures.ARM_COST, 2, champion).add(Measures.ARM_COST, 4, challenger)));
    }

    private static Transition looked(Plan plan, Phase phase, long seconds, SortedMap<Stratum, Tally> seen) {
        Rollout rollout = RolloutMachineTest.at(phase, plan)
                .carrying(Rollout.Carried.NOTHING.exposed(phase.equals(HALF) ? Optional.of(START) : Optional.empty()));
        Evidence evidence = new Evidence(EvidenceLedger.empty(plan), seen, Map.of(), "", "");
        return RolloutMachine.decide(rollout, plan, evidence, START.plusSeconds(seconds));
    }

    private static Transition good(Plan plan, Phase phase, Instant now) {
        return RolloutMachine.decide(
                RolloutMachineTest.at(phase, plan), plan, Seen.evidence(plan, Seen.GOOD, phase, now), now);
    }

    private static Plan bounded(Exposure exposure) {
        return plan(conduct(List.of(), exposure, Map.of()));
    }

    private static Conduct conduct(List<Blackout> blackouts, Exposure exposure, Map<String, String> selector) {
        return new Conduct(
                Optional.empty(),
                false,
                Optional.empty(),
                blackouts,
                exposure,
                new TreeMap<>(selector),
                0,
                0,
                false,
                0);
    }

    private static Plan plan(Conduct conduct) {
        return with(RolloutMachineTest.small(OnUndecided.HOLD), conduct);
    }

    private static Plan with(Plan plan, Conduct conduct) {
        return new Plan(
                plan.name(), plan.stages(), plan.guardrails(), plan.terms(), plan.waivers(), plan.truth(), conduct);
    }
}
