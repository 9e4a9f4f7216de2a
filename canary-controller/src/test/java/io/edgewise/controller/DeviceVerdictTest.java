// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.testkit.SeededCases;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Guardrails on devices: what is said of crashes, breakers and silence, and how often it is wrong.
class DeviceVerdictTest {
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");

    @Test
    void devicesThatCrashBreachHoweverLateTheyDo() {
        Plan plan = plan(GuardrailKind.CRASHES, 0.01);

        Verdict early = verdict(plan, 1_000, Fleet.CRASHED, 30, 1_000);
        Verdict before = verdict(plan, 1_000, Fleet.CRASHED, 2, 1_000);

        assertThat(before.outcome()).isEqualTo(Outcome.SAFE);
        assertThat(early.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(early.estimand()).isEqualTo(Estimand.FLEET);
        assertThat(early.sentence())
                .startsWith("Devices whose challenger crashed 3.0 % [")
                .contains("of 1,000 devices; limit 1 %: BREACH, e = ");
    }

    @Test
    void aDeviceIsGoodOnlyAfterItWasSeenForAWhile() {
        Plan plan = plan(GuardrailKind.BREAKERS, 0.05);

        Verdict young = verdict(plan, 1_000, Fleet.BROKE, 0, 10);
        Verdict old = verdict(plan, 1_000, Fleet.BROKE, 0, 200);

        assertThat(young.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(young.neededDevices().orElse(0)).isGreaterThan(20);
        assertThat(young.sentence()).contains("10 of them seen for long enough, SAFE needs about");
        assertThat(old.outcome()).isEqualTo(Outcome.SAFE);
    }

    @Test
    void whereNoDeviceToldAnythingThereIsNoEvidence() {
        Verdict nothing = verdict(plan(GuardrailKind.SILENCE, 0.05), 0, Fleet.SILENT, 0, 0);

        assertThat(nothing.outcome()).isEqualTo(Outcome.NO_EVIDENCE);
        assertThat(nothing.sentence())
                .isEqualTo("Devices that fell silent: NO-EVIDENCE, no device has told of itself yet.");
    }

    @Test
    void theirPartOfAlphaIsSpentWithTheFirstReport() {
        Plan plan = plan(GuardrailKind.CRASHES, 0.01);
        Evidence evidence = evidence(plan, 10, Fleet.CRASHED, 0, 0).cut(START);

        assertThat(evidence.alphaSpent()).isEqualTo(plan.terms().alphaRollback());
    }

    /// Looked at after each device that turns bad, which is when the evidence is largest.
    @Test
    void aFleetAtItsLimitIsRolledBackNoMoreOftenThanAlphaWheneverDevicesTurnBad() {
        double alpha = 0.05;
        double limit = 0.05;
        int devices = 150;
        Guardrail guardrail = new Guardrail("crashes", GuardrailKind.CRASHES, limit, 1, OptionalDouble.empty(), 1);
        Plan plan = plan(guardrail, new Terms(alpha, 0.05, 60, 5_000_000, 60, 15));
        int[] rolledBack = new int[1];
        int runs = 400;
        SeededCases.forAll(runs, random -> rolledBack[0] += breaches(plan, random, devices, limit) ? 1 : 0);

        assertThat(rolledBack[0]).isLessThanOrEqualTo((int) (alpha * runs) + 13);
    }

    /// Devices appear one by one, and each turns bad at a moment of its own or never.
    private static boolean breaches(Plan plan, SplittableRandom random, int devices, double limit) {
        double[] born = random.doubles(devices).sorted().toArray();
        double[] bad = new double[devices];
        for (int i = 0; i < devices; i++) {
            bad[i] = random.nextDouble() < limit ? born[i] + random.nextDouble() * 3 : Double.POSITIVE_INFINITY;
        }
        double[] moments = Arrays.stream(bad).filter(Double::isFinite).sorted().toArray();
        for (int k = 0; k < moments.length; k++) {
            double now = moments[k];
            long known = Arrays.stream(born).filter(each -> each <= now).count();
            if (verdict(plan, known, Fleet.CRASHED, k + 1, 0).outcome() == Outcome.BREACH) {
                return true;
            }
        }
        return false;
    }

    private static Verdict verdict(Plan plan, long known, int bucket, long bad, long settled) {
        return Judge.verdicts(plan, evidence(plan, known, bucket, bad, settled)).getFirst();
    }

    private static Evidence evidence(Plan plan, long known, int bucket, long bad, long settled) {
        Tally tally = new Tally()
                .add(Fleet.COUNTS, Fleet.KNOWN, known)
                .add(Fleet.COUNTS, bucket, bad)
                .add(Fleet.COUNTS, Fleet.SETTLED, settled);
        Stratum stratum = new Stratum(0, Cohort.COHORT_CONTROL, 0, false, Stratum.ALL);
        return new Evidence(EvidenceLedger.empty(plan), new TreeMap<>(Map.of(stratum, tally)), Map.of(), "", "");
    }

    private static Plan plan(GuardrailKind kind, double limit) {
        Guardrail guardrail = PlanDefaults.guardrail(kind, 1, 0);
        return plan(
                new Guardrail(guardrail.name(), kind, limit, 1, OptionalDouble.empty(), 1),
                PlanDefaults.terms(PlanDefaults.stages(List.of(guardrail))));
    }

    private static Plan plan(Guardrail guardrail, Terms terms) {
        List<Stage> stages = PlanDefaults.stages(List.of(guardrail));
        return new Plan("one", stages, List.of(guardrail), terms, new TreeMap<>(), Set.of());
    }
}
