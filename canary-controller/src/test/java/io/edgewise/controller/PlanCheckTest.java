// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanCheckTest {
    private static final Plan USUAL = PlanDefaults.plan("nightly", OptionalLong.of(5_000));

    @Test
    void theOperatingProcedureIsFeasibleForALargeFleet() {
        List<PlanCheck.Finding> findings = PlanCheck.of(USUAL, Traffic.of(200, 100_000));

        assertThat(PlanCheck.worst(findings)).as(String.valueOf(findings)).isEqualTo(PlanCheck.Level.OK);
    }

    @Test
    void aFleetTooSmallForItsCanaryIsRefusedAndToldWhatWouldDo() {
        List<PlanCheck.Finding> findings = PlanCheck.of(USUAL, Traffic.of(200, 60));

        PlanCheck.Finding refusal = finding(findings, "stages[0].gates.refusal");
        assertThat(refusal.level()).isEqualTo(PlanCheck.Level.REFUSE);
        assertThat(refusal.sentence()).contains("More time does not help").contains("give the fleet at least");
    }

    @Test
    void everyKindOfGuardrailCanBeCheckedForWhetherItBecomesSafe() {
        for (GuardrailKind kind : GuardrailKind.values()) {
            Guardrail usual = PlanDefaults.guardrail(kind, 1, 5_000);
            Guardrail guardrail = new Guardrail(
                    usual.name(),
                    kind,
                    usual.limit(),
                    1,
                    usual.hardLimit(),
                    usual.minObservations(),
                    usual.looks(),
                    kind.isOfSlices() ? List.of("locale") : List.of());
            List<Stage> stages = PlanDefaults.stages(List.of(guardrail)).stream()
                    .map(PlanCheckTest::safe)
                    .toList();
            Plan plan = new Plan(
                    "one",
                    stages,
                    List.of(guardrail),
                    PlanDefaults.terms(stages),
                    new TreeMap<>(),
                    Set.of(TruthSource.FEEDBACK));

            List<PlanCheck.Finding> findings = PlanCheck.of(plan, Traffic.of(200, 100_000));

            assertThat(findings.stream().anyMatch(each -> each.path().equals("stages[1].gates." + guardrail.name())))
                    .as("%s: %s", kind, findings)
                    .isEqualTo(kind != GuardrailKind.HOLDOUT);
        }
    }

    /// The same stage that asks for SAFE of all that it asks for.
    private static Stage safe(Stage stage) {
        SortedMap<String, Gate> gates = new TreeMap<>(stage.gates());
        gates.replaceAll((name, gate) -> Gate.SAFE);
        return new Stage(
                stage.name(),
                stage.shareBp(),
                stage.minSeconds(),
                stage.maxSeconds(),
                stage.minObservations(),
                stage.minDevices(),
                stage.pairingCanaryBp(),
                stage.pairingControlBp(),
                gates,
                stage.onUndecided());
    }

    @Test
    void tooLittleTrafficIsRefusedWithTheTimeThatWouldDo() {
        List<PlanCheck.Finding> findings = PlanCheck.of(USUAL, Traffic.of(0.0002, 100_000));

        PlanCheck.Finding error = finding(findings, "stages[0].gates.error");
        assertThat(error.level()).isNotEqualTo(PlanCheck.Level.OK);
        assertThat(error.sentence()).contains("Give it ").contains(" instead of 28 days");
        PlanCheck.Finding least = finding(findings, "stages[1].minObservations");
        assertThat(least.level()).isEqualTo(PlanCheck.Level.REFUSE);
        assertThat(least.sentence()).contains("of the 300 canary requests");
    }

    @Test
    void moreTimeAsAdvisedMakesTheGateFeasible() {
        List<Stage> stages = new java.util.ArrayList<>(USUAL.stages());
        Stage shadow = stages.getFirst();
        for (long seconds : new long[] {600, 400L * 86_400}) {
            stages.set(
                    0,
                    new Stage(
                            shadow.name(),
                            0,
                            60,
                            seconds,
                            10,
                            30,
                            10_000,
                            10_000,
                            shadow.gates(),
                            shadow.onUndecided()));
            Plan plan = new Plan(
                    "x", stages, USUAL.guardrails(), PlanDefaults.terms(stages), new TreeMap<>(), USUAL.truth());
            PlanCheck.Level level = finding(PlanCheck.of(plan, Traffic.of(1, 100_000)), "stages[0].gates.error")
                    .level();
            assertThat(level).isEqualTo(seconds == 600 ? PlanCheck.Level.REFUSE : PlanCheck.Level.OK);
        }
    }

    /// Ten requests an hour, of which one in a hundred is the champion's.
    @Test
    void aStageInWhichNobodyAsksTheChampionIsRefusedAndPairingHelps() {
        String path = "stages[1].pairingCanaryBp";
        Traffic small = Traffic.of(10 / 3_600.0, 100_000);

        PlanCheck.Finding refused = finding(PlanCheck.of(nearlyAll(0, 3_600), small), path);
        assertThat(refused.level()).isEqualTo(PlanCheck.Level.REFUSE);
        assertThat(refused.sentence()).contains("before the champion has answered there", "Raise the stage's pairing");
        assertThat(finding(PlanCheck.of(nearlyAll(0, 36_000), small), path).level())
                .isEqualTo(PlanCheck.Level.WARN);
        assertThat(PlanCheck.of(nearlyAll(10_000, 3_600), small).stream().map(PlanCheck.Finding::path))
                .doesNotContain(path);
    }

    private static Plan nearlyAll(int pairing, long seconds) {
        Stage usual = USUAL.stage(1);
        Stage nearly = new Stage("99 %", 9_900, 60, seconds, 1, 1, pairing, 0, usual.gates(), usual.onUndecided());
        List<Stage> stages = List.of(USUAL.stage(0), nearly, USUAL.stages().getLast());
        return new Plan("x", stages, USUAL.guardrails(), PlanDefaults.terms(stages), new TreeMap<>(), USUAL.truth());
    }

    @Test
    void aValueAtTheLimitNeverBecomesSafe() {
        Traffic traffic = new Traffic(200, 100_000, 1, 0.02, 0.02, new TreeMap<>(Map.of("agreement", 0.85)));

        PlanCheck.Finding finding = finding(PlanCheck.of(USUAL, traffic), "stages[0].gates.agreement");

        assertThat(finding.level()).isEqualTo(PlanCheck.Level.REFUSE);
        assertThat(finding.sentence()).contains("never comes at the value expected");
    }

    @Test
    void aWorkloadThatMayNotReachAFrontierIsToldWhatToUseInstead() {
        Policy policy = new Policy(false, true);
        Model frontier = new Model.Frontier("cloud");
        Model build = new Model.Build("v1", Map.of("any", "a".repeat(64)));

        assertThat(policy.faults(USUAL, frontier))
                .anyMatch(fault -> fault.contains("champion \"cloud\" is a frontier"))
                .anyMatch(fault -> fault.contains("\"agreement\" needs the frontier's answer")
                        && fault.contains("a reference holdout, a golden set, feedback"));
        assertThat(policy.faults(USUAL, build)).isEmpty();
        assertThat(policy.faults(judgedBy(TruthSource.JUDGE), build))
                .anyMatch(fault -> fault.contains("\"win-share\" needs somebody who sees the texts"));
        assertThat(policy.faults(judgedBy(TruthSource.DEVICE_JUDGE), build)).isEmpty();
        assertThat(Policy.OPEN.faults(USUAL, frontier)).isEmpty();
    }

    private static Plan judgedBy(TruthSource truth) {
        return new Plan(
                "x", USUAL.stages(), USUAL.guardrails(), USUAL.terms(), new TreeMap<>(), java.util.Set.of(truth));
    }

    @Test
    void trafficThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> Traffic.of(0, 10)).hasMessageContaining("requestsPerSecond must be above 0");
        assertThatThrownBy(() -> Traffic.of(Double.NaN, 10)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Traffic.of(1, 0)).hasMessageContaining("devices and unitsPerDevice at least 1");
    }

    private static PlanCheck.Finding finding(List<PlanCheck.Finding> findings, String path) {
        return findings.stream()
                .filter(finding -> finding.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError(path + " is not among " + findings));
    }
}
