// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.statistics.grid.LogGrid;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Budgets of time by device class: what is fast enough for a small device is too slow on a large one.
class SliceBudgetTest {
    private static final Map<String, Double> BUDGETS =
            Map.of("device_class=kiosk", 800_000.0, "device_class=watch", 3_000_000.0);

    @Test
    void aClassThatMissesItsOwnBudgetIsNamedAndOneThatIsAllowedTheTimeIsNot() {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        answers(counted, "kiosk", Measures.USER_LATENCY, 1_000_000, 400, 600);
        answers(counted, "watch", Measures.USER_LATENCY, 1_000_000, 400, 600);
        answers(counted, "phone", Measures.USER_LATENCY, 200_000, 0, 1_000);

        Verdict verdict = verdict(GuardrailKind.SLICE_LATENCY, counted);

        assertThat(verdict.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(verdict.sentence())
                .startsWith("Latency beyond its budget in each slice: of 3 slices by device_class the worst is"
                        + " device_class=kiosk with 40.0 % [")
                .contains("of 1,000 canary requests; at most 5 % may take longer than 800 ms: BREACH, e = ")
                .endsWith(" in device_class=kiosk, on the requests served.");
    }

    @Test
    void aClassWithoutABudgetOfItsOwnHasTheLimit() {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        answers(counted, "kiosk", Measures.USER_FIRST_TOKEN, 100_000, 0, 1_000);
        answers(counted, "phone", Measures.USER_FIRST_TOKEN, 2_000_000, 300, 700);

        assertThat(verdict(GuardrailKind.SLICE_FIRST_TOKEN, counted).sentence())
                .contains("the worst is device_class=phone")
                .contains("at most 5 % may wait longer than 1,000 ms: BREACH");
    }

    @Test
    void everyClassWithinItsBudgetIsSafe() {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        answers(counted, "kiosk", Measures.USER_LATENCY, 900_000, 5, 1_995);
        answers(counted, "watch", Measures.USER_LATENCY, 3_500_000, 5, 1_995);

        Verdict verdict = verdict(GuardrailKind.SLICE_LATENCY, counted);

        assertThat(verdict.outcome()).as(verdict.sentence()).isEqualTo(Outcome.SAFE);
    }

    /// A control is not the challenger, and shadow answers nobody.
    @Test
    void onlyTheCanarysRequestsCount() {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        counted.put(
                new Stratum(1, Cohort.COHORT_CONTROL, 0, false, "device_class=kiosk"),
                new Tally().add(Measures.USER_LATENCY, LogGrid.cell(5_000_000), 900));

        assertThat(verdict(GuardrailKind.SLICE_LATENCY, counted).outcome()).isEqualTo(Outcome.NO_EVIDENCE);
    }

    @Test
    void aGateInShadowIsRefusedAsForAllThatOnlyLiveRequestsShow() {
        Guardrail guardrail = guardrail(GuardrailKind.SLICE_LATENCY);
        Stage shadow = PlanDefaults.stage("shadow", 0, 0, List.of(guardrail));
        Stage asking = new Stage(
                "shadow",
                0,
                shadow.minSeconds(),
                shadow.maxSeconds(),
                100,
                30,
                10_000,
                10_000,
                new TreeMap<>(Map.of(guardrail.name(), Gate.NOT_BREACH)),
                OnUndecided.HOLD);
        List<Stage> stages = List.of(asking, PlanDefaults.stage("100 %", 1, 10_000, List.of(guardrail)));

        assertThat(shadow.gates()).isEmpty();
        assertThatThrownBy(() -> new Plan(
                        "x", stages, List.of(guardrail), PlanDefaults.terms(stages), new TreeMap<>(), Set.of()))
                .hasMessageContaining("stages[0].gates." + guardrail.name());
    }

    @Test
    void timesOfSlicesAreKeptWhereAGuardrailAsksForThemOnly() {
        Tally published = new Tally()
                .add(Measures.REQUESTS, 0, 3)
                .add(Measures.USER_LATENCY, 7, 3)
                .add(Measures.USER_FIRST_TOKEN, 7, 3);
        Set<String> asked = EvidenceMeasures.ofSlices(plan(GuardrailKind.SLICE_LATENCY));

        assertThat(EvidenceMeasures.of("device_class=kiosk", published, asked).measures())
                .containsExactlyInAnyOrder(Measures.REQUESTS, Measures.USER_LATENCY);
        assertThat(EvidenceMeasures.of("device_class=kiosk", published, Set.of())
                        .measures())
                .containsExactly(Measures.REQUESTS);
        assertThat(EvidenceMeasures.ofSlices(Plans.demo())).isEmpty();
    }

    private static void answers(
            SortedMap<Stratum, Tally> counted, String device, String measure, double slowUs, long slow, long fast) {
        counted.put(
                new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, "device_class=" + device),
                new Tally().add(measure, LogGrid.cell(slowUs), slow).add(measure, LogGrid.cell(50_000), fast));
        counted.put(
                new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL),
                new Tally().add(Measures.REQUESTS, 0, 3_000).add(Measures.DEVICES, 0, 60));
    }

    private static Verdict verdict(GuardrailKind kind, SortedMap<Stratum, Tally> counted) {
        Plan plan = plan(kind);
        return Judge.verdicts(plan, new Evidence(EvidenceLedger.empty(plan), counted, Map.of(), "", ""))
                .getFirst();
    }

    private static Guardrail guardrail(GuardrailKind kind) {
        return new Guardrail(
                "budget",
                kind,
                1_000_000,
                1,
                OptionalDouble.empty(),
                100,
                List.of(),
                List.of("device_class"),
                new TreeMap<>(BUDGETS));
    }

    private static Plan plan(GuardrailKind kind) {
        List<Guardrail> guardrails = List.of(guardrail(kind));
        List<Stage> stages = PlanDefaults.stages(guardrails);
        return new Plan("one", stages, guardrails, PlanDefaults.terms(stages), new TreeMap<>(), Set.of());
    }
}
