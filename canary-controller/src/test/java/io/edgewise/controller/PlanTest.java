// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Plan GOOD = PlanDefaults.plan("nightly", OptionalLong.of(5_000));

    @Test
    void theDefaultPlanIsTheOperatingProcedure() {
        assertThat(GOOD.stages().stream().map(Stage::shareBp)).containsExactly(0, 100, 1_000, 10_000);
        assertThat(GOOD.stage(0).gates())
                .containsEntry("agreement", Gate.SAFE)
                .containsEntry("win-share", Gate.NOT_BREACH)
                .doesNotContainKey("latency-p99");
        assertThat(GOOD.stage(1).gates()).containsEntry("latency-p99", Gate.NOT_BREACH);
        assertThat(GOOD.stage(2).gates()).containsEntry("latency-p99", Gate.SAFE);
    }

    @Test
    void aPlanWithoutABudgetHasNoGuardrailOnCost() {
        Plan plan = PlanDefaults.plan("free", OptionalLong.empty());

        assertThat(plan.guardrails().stream().map(Guardrail::name)).doesNotContain("cost");
    }

    @Test
    void everyFaultIsNamedWithItsPath() {
        List<Stage> stages = new ArrayList<>(GOOD.stages());
        Stage second = stages.get(1);
        stages.set(1, with(second, 2_000, second.minSeconds(), Map.of("agreement", Gate.SAFE, "beauty", Gate.SAFE)));
        stages.set(0, with(stages.get(0), 5, -1, Map.of("latency-p99", Gate.SAFE)));

        assertThatThrownBy(() -> new Plan("x", stages, GOOD.guardrails(), GOOD.terms(), new TreeMap<>(), GOOD.truth()))
                .isInstanceOf(InvalidPlan.class)
                .hasMessageContaining("stages[0].shareBp must be 0: the first stage is shadow")
                .hasMessageContaining("stages[0].minSeconds must not be negative")
                .hasMessageContaining("stages[0].gates.latency-p99 cannot be asked in shadow")
                .hasMessageContaining("stages[1].gates.beauty names no guardrail of this plan")
                .hasMessageContaining("stages[1].gates lacks \"error\"")
                .hasMessageContaining("stages[2].shareBp must be above the share of the stage before, 2000, not 1000");
    }

    @Test
    void aGuardrailWithoutATruthSourceMustBeWaivedWithAReason() {
        assertThatThrownBy(
                        () -> new Plan("x", GOOD.stages(), GOOD.guardrails(), GOOD.terms(), new TreeMap<>(), Set.of()))
                .hasMessageContaining("\"calibration\" needs a source of truth")
                .hasMessageContaining("\"win-share\" needs a source of truth");

        Plan waived = new Plan(
                "x",
                GOOD.stages(),
                GOOD.guardrails(),
                GOOD.terms(),
                new TreeMap<>(Map.of("calibration", "no feedback yet", "win-share", "no feedback yet")),
                Set.of());
        assertThat(waived.isWaived("calibration")).isTrue();
        assertThat(Telling.waived(waived))
                .isEqualTo(" Waived: calibration (no feedback yet), win-share (no feedback yet).");
    }

    @Test
    void limitsWeightsAndBudgetsMustMakeSense() {
        List<Guardrail> guardrails = List.of(
                new Guardrail("agreement", GuardrailKind.AGREEMENT, Double.NaN, 0.6, OptionalDouble.empty(), 1),
                new Guardrail("refusal", GuardrailKind.REFUSAL, 0.05, 0.6, OptionalDouble.of(0.01), 0),
                new Guardrail("p99", GuardrailKind.LATENCY_P99, 0.4, -1, OptionalDouble.of(2), 1));
        Terms terms = new Terms(0, 0.7, 0, 1, -1, 0);

        assertThatThrownBy(
                        () -> new Plan("", List.of(), guardrails, terms, new TreeMap<>(Map.of("ghost", "")), Set.of()))
                .hasMessageContaining("name must be 1 to 128 characters")
                .hasMessageContaining("guardrails[0].limit must lie between 0 and 1 (5 % is 0.05), not NaN")
                .hasMessageContaining("guardrails[1].hardLimit must lie beyond the limit 0.05, not 0.01")
                .hasMessageContaining("guardrails[1].minObservations must be at least 1")
                .hasMessageContaining("guardrails[2].weight must lie in (0, 1], not -1.0")
                .hasMessageContaining("guardrails[2].hardLimit is not for LATENCY_P99")
                .hasMessageContaining("waivers.ghost names no guardrail")
                .hasMessageContaining("stages must hold shadow and at least one canary stage")
                .hasMessageContaining("alphaRollback must lie in (0, 0.5), not 0.0")
                .hasMessageContaining("alphaPromotion must lie in (0, 0.5), not 0.7")
                .hasMessageContaining("leaseMinutes must lie in 1..1440, not 0");
    }

    @Test
    void namesAndReasonsHoldNoControlCharacters() {
        TreeMap<String, String> waivers = new TreeMap<>(Map.of("agreement", "not\u0000now"));

        assertThatThrownBy(() ->
                        new Plan("night\nly", GOOD.stages(), GOOD.guardrails(), GOOD.terms(), waivers, GOOD.truth()))
                .hasMessageContaining("name holds a control character")
                .hasMessageContaining("waivers.agreement holds a control character");
    }

    @Test
    void theHashCoversEverythingThePlanSays() {
        Plan longer = new Plan(
                GOOD.name(),
                GOOD.stages(),
                GOOD.guardrails(),
                new Terms(0.01, 0.05, 61, GOOD.terms().horizonSeconds(), 60, 15),
                new TreeMap<>(),
                GOOD.truth());

        assertThat(longer.hash()).isNotEqualTo(GOOD.hash());
        assertThat(PlanDefaults.plan("nightly", OptionalLong.of(5_000)).hash()).isEqualTo(GOOD.hash());
    }

    @Test
    void aGuardrailOfSlicesNamesTheirAttributesAndOthersDoNot() {
        List<Guardrail> guardrails = List.of(
                sliced(GuardrailKind.SLICE_AGREEMENT, List.of()),
                sliced(GuardrailKind.SLICE_ERROR, List.of("locale", "locale")),
                sliced(GuardrailKind.BIAS_GAP, List.of()),
                sliced(GuardrailKind.COMPLETION, List.of("locale")));

        assertThatThrownBy(() -> new Plan(
                        "x", PlanDefaults.stages(guardrails), guardrails, GOOD.terms(), new TreeMap<>(), GOOD.truth()))
                .hasMessageContaining("guardrails[0].slices must name the attributes whose slices each keep the limit")
                .hasMessageContaining("guardrails[1].slices must be at most 8 different names of attributes")
                .hasMessageContaining("guardrails[2].slices must name the attributes whose groups are compared")
                .hasMessageContaining("guardrails[3].slices are for the kinds SLICE_… and BIAS_GAP");
    }

    @Test
    void budgetsAreOfNamedSlicesAndOfTimes() {
        List<Guardrail> guardrails = List.of(
                budgeted(
                        GuardrailKind.SLICE_LATENCY, Map.of("locale=de", 5.0, "device_class=kiosk", 0.2, "kiosk", 9.0)),
                budgeted(GuardrailKind.SLICE_ERROR, Map.of("device_class=kiosk", 5.0)));

        assertThatThrownBy(() -> new Plan(
                        "x", PlanDefaults.stages(guardrails), guardrails, GOOD.terms(), new TreeMap<>(), GOOD.truth()))
                .hasMessageContaining("guardrails[0].budgets.locale=de must name a slice of an attribute in slices")
                .hasMessageContaining("guardrails[0].budgets.kiosk must name a slice")
                .hasMessageContaining("guardrails[0].budgets.device_class=kiosk must be microseconds")
                .hasMessageContaining("guardrails[1].budgets are for SLICE_LATENCY and SLICE_FIRST_TOKEN");
    }

    @Test
    void aBudgetOfASliceIsPartOfAPlansHash() {
        Guardrail one = budgeted(GuardrailKind.SLICE_LATENCY, Map.of("device_class=kiosk", 800_000.0));
        Guardrail none = budgeted(GuardrailKind.SLICE_LATENCY, Map.of());

        assertThat(one.canonical()).isNotEqualTo(none.canonical()).contains("budgets={device_class=kiosk=800000.0}");
        assertThat(none.canonical()).doesNotContain("budgets");
    }

    private static Guardrail budgeted(GuardrailKind kind, Map<String, Double> budgets) {
        return new Guardrail(
                "budget-" + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                kind,
                kind == GuardrailKind.SLICE_ERROR ? 0.05 : 1_000_000,
                0.1,
                OptionalDouble.empty(),
                100,
                List.of(),
                List.of("device_class"),
                new TreeMap<>(budgets));
    }

    @Test
    void slicesArePartOfAPlansHashAndAPlanWithoutThemReadsAsBefore() {
        Guardrail plain = sliced(GuardrailKind.BIAS_GAP, List.of());

        assertThat(plain.canonical())
                .isEqualTo("Guardrail[name=bias-gap, kind=BIAS_GAP, limit=0.1, weight=0.25,"
                        + " hardLimit=OptionalDouble.empty, minObservations=300, looks=[]]");
        assertThat(sliced(GuardrailKind.BIAS_GAP, List.of("locale")).canonical())
                .endsWith("looks=[], slices=[locale]]");
    }

    private static Guardrail sliced(GuardrailKind kind, List<String> slices) {
        Guardrail base = PlanDefaults.guardrail(kind, 0.25, 0);
        return new Guardrail(
                base.name(),
                kind,
                base.limit(),
                base.weight(),
                base.hardLimit(),
                base.minObservations(),
                base.looks(),
                slices);
    }

    @Test
    void looksAreForCalibrationAndAscend() {
        List<Guardrail> guardrails = new ArrayList<>(GOOD.guardrails());
        guardrails.replaceAll(guardrail -> guardrail.kind() == GuardrailKind.CALIBRATION
                ? looking(guardrail, List.of(1_000L, 1_000L))
                : guardrail.kind() == GuardrailKind.COST ? looking(guardrail, List.of(1_000L)) : guardrail);

        assertThatThrownBy(() -> new Plan("x", GOOD.stages(), guardrails, GOOD.terms(), new TreeMap<>(), GOOD.truth()))
                .hasMessageContaining(
                        "guardrails[4].looks must be at most 10 numbers of labels, each larger than the one"
                                + " before and at most 1000000000 ([1000] is one look), not [1000, 1000]")
                .hasMessageContaining("guardrails[6].looks are for CALIBRATION");
    }

    @Test
    void calibrationIsAskedToBeSafeOnlyWhereALookIsPlanned() {
        List<Guardrail> guardrails = new ArrayList<>(GOOD.guardrails());
        guardrails.replaceAll(
                guardrail -> guardrail.kind() == GuardrailKind.CALIBRATION ? looking(guardrail, List.of()) : guardrail);
        List<Stage> stages = new ArrayList<>(GOOD.stages());
        TreeMap<String, Gate> gates = new TreeMap<>(stages.get(2).gates());
        gates.put("calibration", Gate.SAFE);
        stages.set(2, with(stages.get(2), 1_000, 0, gates));

        assertThatThrownBy(() -> new Plan("x", stages, guardrails, GOOD.terms(), new TreeMap<>(), GOOD.truth()))
                .hasMessageContaining("stages[2].gates.calibration asks for SAFE, which only a planned look can show");
    }

    @Test
    void aFleetTooSmallForItsGatesIsRefusedWhereItsSizeIsKnown() {
        Terms terms = GOOD.terms();
        Terms twenty = new Terms(
                terms.alphaRollback(),
                terms.alphaPromotion(),
                terms.freshnessSeconds(),
                terms.horizonSeconds(),
                terms.returnSpreadSeconds(),
                terms.leaseMinutes(),
                OptionalLong.of(20));

        assertThatThrownBy(() -> new Plan("x", GOOD.stages(), GOOD.guardrails(), twenty, new TreeMap<>(), GOOD.truth()))
                .hasMessageContaining("stages[0].minDevices asks for 30 devices of a fleet of 20")
                .hasMessageContaining(
                        "stages[0].gates.refusal asks for SAFE, which takes at least 73 devices even if none"
                                + " of them shows a fault; the fleet has 20")
                .hasMessageContaining("stages[0].gates.error asks for SAFE, which takes at least 30 devices");
        assertThat(Reach.leastDevices(GOOD.guardrails().getFirst(), 0.05).orElseThrow())
                .isEqualTo(23);
        assertThat(Reach.leastDevices(GOOD.guardrails().get(2), 0.05)).isEmpty();
    }

    private static Guardrail looking(Guardrail guardrail, List<Long> looks) {
        return new Guardrail(
                guardrail.name(),
                guardrail.kind(),
                guardrail.limit(),
                guardrail.weight(),
                guardrail.hardLimit(),
                guardrail.minObservations(),
                looks);
    }

    private static Stage with(Stage stage, int share, long min, Map<String, Gate> gates) {
        return new Stage(
                stage.name(),
                share,
                min,
                stage.maxSeconds(),
                stage.minObservations(),
                stage.minDevices(),
                stage.pairingCanaryBp(),
                stage.pairingControlBp(),
                new TreeMap<>(gates),
                stage.onUndecided());
    }
}
