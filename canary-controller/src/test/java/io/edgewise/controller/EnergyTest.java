// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A budget of energy per request, as the device estimates it.
class EnergyTest {
    @Test
    void aCanaryBelowItsBudgetOfEnergyIsSafeOneAboveIsInBreachAtOnce() {
        Verdict good = after(60, 400_000);
        Verdict bad = after(60, 1_700_000);

        assertThat(good.outcome()).as(good.sentence()).isEqualTo(Outcome.SAFE);
        assertThat(bad.outcome()).as(bad.sentence()).isEqualTo(Outcome.BREACH);
        assertThat(bad.hard()).isTrue();
        assertThat(bad.sentence())
                .startsWith("Energy per request 1,7")
                .contains("budget 1,000,000 microjoules: BREACH, e = ")
                .contains("on 6,000 canary requests with an estimate");
    }

    @Test
    void whereNoDeviceEstimatesItThereIsNoEvidence() {
        assertThat(after(3, 0).outcome()).isEqualTo(Outcome.NO_EVIDENCE);
    }

    @Test
    void aPlanHasItOnlyWhereItAsksForIt() {
        assertThat(PlanDefaults.guardrails(java.util.OptionalLong.of(1)))
                .noneMatch(guardrail -> guardrail.kind() == GuardrailKind.ENERGY);
    }

    private static Verdict after(int blocks, long microjoules) {
        Guardrail guardrail = PlanDefaults.guardrail(GuardrailKind.ENERGY, 1, 0);
        List<Stage> stages = PlanDefaults.stages(List.of(guardrail));
        Plan plan = new Plan("one", stages, List.of(guardrail), PlanDefaults.terms(stages), new TreeMap<>(), Set.of());
        Stratum canary = new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL);
        List<EvidenceBlock> list = new ArrayList<>();
        for (int i = 1; i <= blocks; i++) {
            Tally tally = new Tally().add(Measures.REQUESTS, 0, 100).add(Measures.DEVICES, 0, 40);
            if (microjoules > 0) {
                tally.add(Measures.USER_ENERGY, 0, 100 * microjoules).add(Measures.USER_ENERGY, 1, 100);
            }
            list.add(EvidenceBlock.cut(i, Instant.ofEpochSecond(10L * i), new TreeMap<>(Map.of(canary, tally))));
        }
        return Judge.verdicts(plan, new Evidence(EvidenceLedger.of(plan, list), new TreeMap<>(), Map.of(), "", ""))
                .getFirst();
    }
}
