// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.ValueGrid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Guardrails on a share of something bad: each is SAFE on a good canary, in BREACH on a bad one, and without evidence
/// where nothing of its kind was seen.
class SharesTest {
    private static final List<GuardrailKind> KINDS = List.of(
            GuardrailKind.COMPLETION,
            GuardrailKind.FEEDBACK,
            GuardrailKind.OUTPUT_LENGTH,
            GuardrailKind.LATENCY_P95,
            GuardrailKind.FIRST_TOKEN,
            GuardrailKind.CRASHES,
            GuardrailKind.BREAKERS,
            GuardrailKind.SILENCE);

    @Test
    void aGoodCanaryIsSafeAndABadOneIsInBreachByEachKind() {
        for (GuardrailKind kind : KINDS) {
            assertThat(after(kind, 40, false).outcome()).as("good " + kind).isEqualTo(Outcome.SAFE);
            Verdict bad = after(kind, 40, true);
            assertThat(bad.outcome()).as("bad " + kind + ": " + bad.sentence()).isEqualTo(Outcome.BREACH);
            assertThat(bad.sentence()).as(kind.name()).contains("BREACH, e = ").contains(kind.title());
        }
    }

    @Test
    void withoutAnythingOfItsKindThereIsNoEvidence() {
        for (GuardrailKind kind : KINDS) {
            Plan plan = plan(kind);
            Stratum stratum = new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL);
            SortedMap<Stratum, Tally> open = new TreeMap<>(
                    Map.of(stratum, new Tally().add(Measures.REQUESTS, 0, 500).add(Measures.DEVICES, 0, 100)));
            Evidence evidence = new Evidence(EvidenceLedger.empty(plan), open, Map.of(), "", "");

            Verdict verdict = Judge.verdicts(plan, evidence).getFirst();

            assertThat(verdict.outcome()).as(kind.name()).isEqualTo(Outcome.NO_EVIDENCE);
        }
    }

    @Test
    void aFeedbackLimitIsFrozenFromTheControlOnly() {
        Verdict verdict = after(GuardrailKind.FEEDBACK, 40, true);

        assertThat(verdict.threshold()).isBetween(0.05 + 0.05, 0.05 + 0.12);
    }

    private static Verdict after(GuardrailKind kind, int blocks, boolean bad) {
        Plan plan = plan(kind);
        List<EvidenceBlock> list = new ArrayList<>();
        list.add(block(1, shadow()));
        for (int i = 2; i <= blocks; i++) {
            list.add(block(i, canary(bad)));
        }
        EvidenceLedger ledger = EvidenceLedger.of(plan, list);
        return Judge.verdicts(plan, new Evidence(ledger, new TreeMap<>(), Map.of(), "", ""))
                .getFirst();
    }

    private static EvidenceBlock block(long number, SortedMap<Stratum, Tally> increments) {
        return EvidenceBlock.cut(number, Instant.ofEpochSecond(10 * number), increments);
    }

    private static SortedMap<Stratum, Tally> shadow() {
        Tally tally = new Tally()
                .add(Measures.REQUESTS, 0, 1_000)
                .add(Measures.PAIRS, 0, 1_000)
                .add(Measures.THUMBS, 0, 950)
                .add(Measures.THUMBS, 1, 50)
                .add(Measures.DEVICES, 0, 60)
                .add(Measures.OUTPUT_LENGTH + "1", ValueGrid.cell(100), 500)
                .add(Measures.OUTPUT_LENGTH + "1", ValueGrid.cell(140), 500);
        return new TreeMap<>(Map.of(new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL), tally));
    }

    private static SortedMap<Stratum, Tally> canary(boolean bad) {
        long wrong = bad ? 40 : 0;
        int length = ValueGrid.cell(bad ? 400 : 120);
        Tally tally = new Tally()
                .add(Measures.REQUESTS, 0, 100)
                .add(Measures.DEVICES, 0, 20)
                .add(Measures.PAIRS, 0, 100 - wrong)
                .add(Measures.PAIRS, 2, wrong)
                .add(Measures.THUMBS, 0, 97 - wrong)
                .add(Measures.THUMBS, 1, 3 + wrong)
                .add(Measures.USER_LATENCY, LogGrid.cell(200_000), 100 - wrong)
                .add(Measures.USER_LATENCY, LogGrid.cell(4_000_000), wrong)
                .add(Measures.USER_FIRST_TOKEN, LogGrid.cell(50_000), 100 - wrong)
                .add(Measures.USER_FIRST_TOKEN, LogGrid.cell(4_000_000), wrong)
                .add(Measures.OUTPUT_LENGTH + "2", length, 100)
                .add(Fleet.COUNTS, 0, 20)
                .add(Fleet.COUNTS, 1, wrong / 8)
                .add(Fleet.COUNTS, 2, wrong / 8)
                .add(Fleet.COUNTS, 3, wrong / 8)
                .add(Fleet.COUNTS, Fleet.SETTLED, 20);
        return new TreeMap<>(Map.of(new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL), tally));
    }

    private static Plan plan(GuardrailKind kind) {
        Guardrail guardrail = PlanDefaults.guardrail(kind, 1, 0);
        List<Stage> stages = new ArrayList<>(PlanDefaults.stages(List.of(guardrail)));
        return new Plan("one", stages, List.of(guardrail), PlanDefaults.terms(stages), new TreeMap<>(), Set.of());
    }
}
