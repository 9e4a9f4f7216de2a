// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.testkit.SeededCases;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Whether traffic is split as was decided, and what the challenger gets right of the reference holdout.
class SplitAndHoldoutTest {
    @Test
    void aCanaryThatGetsMoreThanItsShareIsInBreachAndTheStageIsNamed() {
        Verdict verdict = split(2, 3_000, 17_000);

        assertThat(verdict.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(verdict.sentence())
                .startsWith("Traffic split: the canary has 15.00 % [")
                .contains("of 20,000 requests in \"10 %\"; 7.50 % to 12.50 % allowed: BREACH, e = ");
    }

    @Test
    void soIsOneThatGetsLess() {
        assertThat(split(2, 500, 19_500).outcome()).isEqualTo(Outcome.BREACH);
    }

    @Test
    void aSplitAsDecidedIsSafeAndOneWithFewRequestsUndecided() {
        assertThat(split(1, 300, 29_700).outcome()).isEqualTo(Outcome.SAFE);
        assertThat(split(1, 3, 297).outcome()).isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void inShadowAndWithAllTheTrafficThereIsNothingToSplit() {
        assertThat(split(0, 0, 5_000).outcome()).isEqualTo(Outcome.NO_EVIDENCE);
        assertThat(split(3, 5_000, 0).outcome()).isEqualTo(Outcome.NO_EVIDENCE);
    }

    @Test
    void aTrueSplitIsRolledBackNoMoreOftenThanAlpha() {
        Plan plan = plan(PlanDefaults.guardrail(GuardrailKind.TRAFFIC_SPLIT, 1, 0));
        int[] wrong = new int[1];
        int runs = 200;
        SeededCases.forAll(runs, random -> wrong[0] += breaches(plan, random) ? 1 : 0);

        assertThat(wrong[0]).isLessThanOrEqualTo(6);
    }

    /// At the edge of what is allowed, looked at after every hundred requests.
    private static boolean breaches(Plan plan, SplittableRandom random) {
        long canary = 0;
        for (int look = 1; look <= 40; look++) {
            for (int request = 0; request < 100; request++) {
                canary += random.nextDouble() < 0.125 ? 1 : 0;
            }
            if (verdict(plan, split(2, canary, 100L * look - canary, 60)).outcome() == Outcome.BREACH) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aHoldoutBelowItsFloorIsInBreachAboveItSafe() {
        assertThat(holdout(400, 380).outcome()).isEqualTo(Outcome.SAFE);
        assertThat(holdout(400, 330).outcome()).isEqualTo(Outcome.UNDECIDED);
        Verdict bad = holdout(400, 240);
        assertThat(bad.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(bad.sentence())
                .startsWith("Holdout accuracy 60.0 % [")
                .contains("of 400 answers; floor 80 %: BREACH");
        assertThat(holdout(0, 0).sentence()).contains("no run over the reference holdout was told yet");
    }

    private static Verdict holdout(long answers, long correct) {
        Stratum apart = new Stratum(0, Cohort.COHORT_CONTROL, 0, false, Stratum.ALL);
        Tally tally = new Tally().add(HoldoutVerdict.ANSWERS, 0, answers).add(HoldoutVerdict.ANSWERS, 1, correct);
        return verdict(plan(PlanDefaults.guardrail(GuardrailKind.HOLDOUT, 1, 0)), new TreeMap<>(Map.of(apart, tally)));
    }

    private static Verdict split(int stage, long canary, long control) {
        return verdict(
                plan(PlanDefaults.guardrail(GuardrailKind.TRAFFIC_SPLIT, 1, 0)), split(stage, canary, control, 60));
    }

    private static SortedMap<Stratum, Tally> split(int stage, long canary, long control, long devices) {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        counted.put(
                new Stratum(stage, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL),
                new Tally().add(Measures.REQUESTS, 0, canary).add(Measures.DEVICES, 0, devices));
        counted.put(
                new Stratum(stage, Cohort.COHORT_CONTROL, 0, false, Stratum.ALL),
                new Tally().add(Measures.REQUESTS, 0, control).add(Measures.DEVICES, 0, devices));
        return counted;
    }

    private static Verdict verdict(Plan plan, SortedMap<Stratum, Tally> counted) {
        return Judge.verdicts(plan, new Evidence(EvidenceLedger.empty(plan), counted, Map.of(), "", ""))
                .getFirst();
    }

    private static Plan plan(Guardrail guardrail) {
        List<Stage> stages = PlanDefaults.stages(List.of(guardrail));
        return new Plan("one", stages, List.of(guardrail), PlanDefaults.terms(stages), new TreeMap<>(), Set.of());
    }
}
