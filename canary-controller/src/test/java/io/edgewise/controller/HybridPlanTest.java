// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Hybrid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Plans whose stages leave ever more answers to the edge.
class HybridPlanTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final Instant LATER = START.plusSeconds(20);
    private static final HybridTerms CAREFUL = HybridTerms.confidence(0.9);
    private static final HybridTerms BOLD = HybridTerms.confidence(0.7);

    @Test
    void ordersCarryTheTermsOfTheirStageAndShadowThoseOfTheFirstCanaryStage() {
        Plan plan = plan(CAREFUL, BOLD);

        assertThat(hybrid(plan, new Phase.Shadow()).getConfidence()).isEqualTo(0.9);
        assertThat(hybrid(plan, new Phase.Canary(1)).getConfidence()).isEqualTo(0.9);
        assertThat(hybrid(plan, new Phase.Paused(new Phase.Canary(2))).getConfidence())
                .isEqualTo(0.7);
        assertThat(hybrid(plan, new Phase.Watched(2)).getConfidence()).isEqualTo(0.7);
        assertThat(hybrid(plan, new Phase.Completed(2)).getEdgeShareBp()).isEqualTo(10_000);
        assertThat(directive(plan, new Phase.Completed(2)).getMode()).isEqualTo(Directive.Mode.MODE_CANARY);
        for (Phase back : List.of(new Phase.RolledBack(2), new Phase.RollingBack(2), new Phase.Aborted(1))) {
            assertThat(directive(plan, back).hasHybrid()).as(back.text()).isFalse();
            assertThat(directive(plan, back).getRepeatBp()).as(back.text()).isZero();
        }
    }

    @Test
    void everyTermGoesIntoTheOrder() {
        HybridTerms terms = new HybridTerms(
                0.8,
                OptionalDouble.of(1.5),
                OptionalInt.of(400),
                List.of("legal", "medical"),
                OptionalDouble.of(0.3),
                HybridTerms.Escalation.VERIFY);

        assertThat(hybrid(plan(terms, BOLD_VERIFY), new Phase.Canary(1)))
                .isEqualTo(Hybrid.newBuilder()
                        .setEdgeShareBp(10_000)
                        .setConfidence(0.8)
                        .setEntropy(1.5)
                        .setLongestInput(400)
                        .addRules("legal")
                        .addRules("medical")
                        .setRouterScore(0.3)
                        .setEscalation(Hybrid.Escalation.ESCALATION_VERIFY)
                        .build());
    }

    private static final HybridTerms BOLD_VERIFY = new HybridTerms(
            0.7,
            OptionalDouble.empty(),
            OptionalInt.empty(),
            List.of(),
            OptionalDouble.empty(),
            HybridTerms.Escalation.VERIFY);

    @Test
    void pairsAreRepeatedAtThePlansRateWherePairsAreMade() {
        Plan plan = plan(List.of(stage("all", 10_000)), conduct(false, 250));

        assertThat(directive(plan, new Phase.Shadow()).getRepeatBp()).isEqualTo(250);
        assertThat(directive(plan, new Phase.Canary(1)).getRepeatBp()).isEqualTo(250);
        assertThat(directive(plan, new Phase.Canary(1)).hasHybrid()).isFalse();
    }

    /// The hashes are those of the version before hybrid terms and repetitions.
    @Test
    void thePlansThatUseNoneOfThisKeepTheirHash() {
        Plan demo = Plans.demo();
        Plan held = new Plan(
                demo.name(),
                demo.stages(),
                demo.guardrails(),
                demo.terms(),
                demo.waivers(),
                demo.truth(),
                conduct(true, 0));

        assertThat(demo.hash()).isEqualTo("06d7e376cb04b2b934d377dc38433418017c88f72b3d1bea7e93fa51b1312852");
        assertThat(held.hash()).isEqualTo("6dabbba41544a4715709363b454df10cdd77abf0d6f718d5978344fb722591f1");
        assertThat(List.of(
                        plan(List.of(stage("all", 10_000)), conduct(true, 1)).hash(),
                        plan(List.of(stage("all", 10_000)), conduct(true, 0)).hash(),
                        plan(List.of(stage("all", 10_000).trusting(CAREFUL)), conduct(true, 0))
                                .hash(),
                        plan(List.of(stage("all", 10_000).trusting(BOLD)), conduct(true, 0))
                                .hash()))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyFaultOfTermsIsNamedWithItsPath() {
        HybridTerms wrong = new HybridTerms(
                1.2,
                OptionalDouble.of(-1),
                OptionalInt.of(0),
                List.of("Bad Tag"),
                OptionalDouble.of(2),
                HybridTerms.Escalation.REPLACE);

        assertThatThrownBy(() -> plan(wrong, BOLD))
                .isInstanceOf(InvalidPlan.class)
                .hasMessageContaining("stages[1].hybrid.confidence must lie between 0 and 1, not 1.2")
                .hasMessageContaining("stages[1].hybrid.entropy must be nats, at least 0")
                .hasMessageContaining("stages[1].hybrid.longestInput must be at least 1")
                .hasMessageContaining("stages[1].hybrid.routerScore must lie between 0 and 1")
                .hasMessageContaining("stages[1].hybrid.rules must be at most 64 different tags");
        assertThatThrownBy(() -> plan(BOLD, CAREFUL))
                .hasMessageContaining("stages[2].hybrid takes requests back from the edge that the stage before left")
                .hasMessageContaining(
                        "stages[2].shareBp must be above the share of the stage before, 10000, not 10000");
        assertThatThrownBy(() ->
                        plan(List.of(stage("half", 5_000), stage("all", 10_000).trusting(BOLD)), conduct(true, 0)))
                .hasMessageContaining("stages[2].hybrid doubts answers that the stage before did not");
        assertThatThrownBy(() -> plan(List.of(stage("all", 10_000).trusting(BOLD)), conduct(false, 20_000)))
                .hasMessageContaining("leaves requests to the frontier for good: such a plan says hybrid: true")
                .hasMessageContaining("repeatBp must lie between 0 and 10000");
        assertThatThrownBy(() -> new Plan(
                        "x",
                        List.of(shadow().trusting(BOLD), stage("all", 10_000)),
                        guardrails(),
                        terms(),
                        new TreeMap<>(),
                        Set.of()))
                .hasMessageContaining("stages[0].hybrid is for canary stages");
        Stage lax = new Stage(
                "all",
                10_000,
                10,
                100,
                100,
                30,
                10_000,
                0,
                new TreeMap<>(Map.of("agreement", Gate.NOT_BREACH)),
                OnUndecided.HOLD);
        assertThatThrownBy(() -> plan(List.of(lax.trusting(BOLD)), conduct(true, 0)))
                .hasMessageContaining("stages[1].gates.agreement must be SAFE");
    }

    @Test
    void termsMayFallAwayAtTheEndAndThenTheBuildIsApproved() {
        Plan plan = plan(List.of(stage("sure", 10_000).trusting(CAREFUL), stage("all", 10_000)), conduct(false, 0));

        assertThat(directive(plan, new Phase.Completed(2)).getMode()).isEqualTo(Directive.Mode.MODE_APPROVED);
        assertThat(directive(plan, new Phase.Completed(2)).hasHybrid()).isFalse();
    }

    @Test
    void aBuildAsChampionHasNobodyToEscalateTo() {
        Model build = new Model.Build("int8", Map.of("any", "b".repeat(64)));

        assertThat(Policy.OPEN.faults(plan(CAREFUL, BOLD), build))
                .contains("stages[1].hybrid leaves doubted answers to a frontier, and the champion \"int8\" is a build:"
                        + " leave it out");
        assertThat(Policy.OPEN.faults(plan(CAREFUL, BOLD), new Model.Frontier("cloud")))
                .isEmpty();
    }

    /// All that was seen so far is SAFE; but of this stage's own answers too little was seen.
    @Test
    void theEdgeIsTrustedMoreOnlyAfterThePairsOfTheStageItselfAreSafe() {
        Plan plan = plan(CAREFUL, BOLD);
        Map<Stratum, Tally> seen = new HashMap<>(Map.of(pairs(0, false), tally(64, 1)));
        seen.put(pairs(1, false), tally(8, 1));
        Transition little = decide(plan, new Phase.Canary(1), seen);

        assertThat(little.verdicts().getFirst().outcome()).isEqualTo(Outcome.SAFE);
        assertThat(little.next().phase()).isEqualTo(new Phase.Canary(1));
        assertThat(little.outlook()).contains("agreement SAFE on the pairs of \"0.9\" itself, about ");

        seen.put(pairs(1, false), tally(64, 1));
        Transition enough = decide(plan, new Phase.Canary(1), seen);
        assertThat(enough.next().phase()).isEqualTo(new Phase.Canary(2));
        assertThat(enough.outlook()).contains("(100 % of the users; the frontier is asked below confidence 0.7)");

        Transition next = decide(plan, new Phase.Canary(2), seen);
        assertThat(next.next().phase()).as("nothing of this stage").isEqualTo(new Phase.Canary(2));
    }

    @Test
    void aStageThatAgreesLessIsBroughtBack() {
        Plan plan = plan(CAREFUL, BOLD);
        Map<Stratum, Tally> before = Map.of(pairs(0, false), tally(64, 1), pairs(1, false), tally(64, 1));
        Evidence evidence = new Evidence(
                EvidenceLedger.of(plan, List.of(EvidenceBlock.cut(1, START, new TreeMap<>(before)))),
                new TreeMap<>(Map.of(pairs(2, false), tally(64, 8))),
                Map.of(pairs(2, false), LATER.toEpochMilli()),
                "",
                "");
        Transition back =
                RolloutMachine.decide(RolloutMachineTest.at(new Phase.Canary(2), plan), plan, evidence, LATER);

        assertThat(back.next().phase()).isInstanceOf(Phase.RolledBack.class);
        assertThat(back.next().shareBp(plan)).isZero();
    }

    /// Their users get the edge's answer.
    @Test
    void whereDoubtedAnswersAreServedTheirPairsMustBeSafeToo() {
        Plan plan = plan(CAREFUL_VERIFY, BOLD_VERIFY);
        Map<Stratum, Tally> seen = new HashMap<>(Map.of(pairs(0, false), tally(64, 1), pairs(1, false), tally(64, 1)));
        assertThat(decide(plan, new Phase.Canary(1), seen).outlook())
                .contains("agreement SAFE on the doubted answers of \"0.9\" itself");

        seen.put(pairs(1, true), tally(64, 8));
        assertThat(decide(plan, new Phase.Canary(1), seen).next().phase()).isEqualTo(new Phase.Canary(1));

        seen.put(pairs(1, true), tally(64, 1));
        assertThat(decide(plan, new Phase.Canary(1), seen).next().phase()).isEqualTo(new Phase.Canary(2));
    }

    @Test
    void withAllTheTrafficTheAgeOfTheControlIsShown() {
        Plan plan = plan(CAREFUL, BOLD);
        Evidence evidence = new Evidence(
                EvidenceLedger.empty(plan),
                new TreeMap<>(Map.of(pairs(0, false), tally(64, 1))),
                Map.of(
                        pairs(0, false),
                        LATER.minusSeconds(7_200).toEpochMilli(),
                        pairs(1, false),
                        LATER.toEpochMilli()),
                "",
                "");
        Rollout all = RolloutMachineTest.at(new Phase.Canary(1), plan);

        assertThat(RolloutMachine.decide(all, plan, evidence, LATER).outlook())
                .endsWith(" Relative guardrails compare with the control as it was last seen, 2 h ago.");
        Plan half = plan(
                List.of(
                        stage("half", 5_000).trusting(CAREFUL),
                        stage("all", 10_000).trusting(BOLD)),
                conduct(true, 0));
        assertThat(RolloutMachine.decide(RolloutMachineTest.at(new Phase.Canary(1), half), half, evidence, LATER)
                        .outlook())
                .doesNotContain("Relative guardrails");
    }

    @Test
    void pairsOfWhichHalfAreIncompleteShowNothing() {
        Plan plan = plan(CAREFUL, BOLD);
        Map<Stratum, Tally> seen = new HashMap<>(Map.of(pairs(0, false), tally(640, 1)));
        seen.put(
                pairs(1, false),
                tally(64, 1).add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_DISAGREE_SAFE), 64));

        Transition waits = decide(plan, new Phase.Canary(1), seen);
        assertThat(waits.next().phase()).isEqualTo(new Phase.Canary(1));
        assertThat(waits.outlook()).contains("itself (too many are incomplete)");
    }

    @Test
    void theCheckOfAPlanCountsOnlyWhatTheStageItselfBrings() {
        Traffic traffic = Traffic.of(200, 5_000);
        Plan shares = plan(List.of(thin("0.9"), thin("0.7")), conduct(true, 0));
        Plan terms = plan(List.of(thin("0.9").trusting(CAREFUL), thin("0.7").trusting(BOLD)), conduct(true, 0));

        assertThat(level(shares, traffic)).isEqualTo(PlanCheck.Level.OK);
        assertThat(level(terms, traffic)).isEqualTo(PlanCheck.Level.REFUSE);
    }

    private static PlanCheck.Level level(Plan plan, Traffic traffic) {
        return PlanCheck.of(plan, traffic).stream()
                .filter(finding -> finding.path().equals("stages[2].gates.agreement"))
                .findFirst()
                .orElseThrow()
                .level();
    }

    private static final HybridTerms CAREFUL_VERIFY = new HybridTerms(
            0.9,
            OptionalDouble.empty(),
            OptionalInt.empty(),
            List.of(),
            OptionalDouble.empty(),
            HybridTerms.Escalation.VERIFY);

    private static Stratum pairs(int stage, boolean doubted) {
        return new Stratum(
                stage, stage == 0 ? Cohort.COHORT_CONTROL : Cohort.COHORT_CANARY, 10_000, doubted, Stratum.ALL);
    }

    /// A closed block of 20 pairs of each device.
    private static Tally tally(long devices, int disagreeing) {
        int block = Measures.block(20, disagreeing);
        return new Tally()
                .add(Measures.DEVICES, 0, devices)
                .add(Measures.REQUESTS, 0, devices * 20)
                .add(Measures.ATTEMPTS, Champion.ATTEMPTS, devices * 20)
                .add(Measures.PAIRS, 0, devices * (20 - disagreeing))
                .add(Measures.PAIRS, 1, devices * disagreeing)
                .add(Measures.BLOCKS_DISAGREE, block, devices)
                .add(Measures.BLOCKS_DISAGREE_SAFE, block, devices)
                .add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_DISAGREE_SAFE), devices);
    }

    private static Transition decide(Plan plan, Phase phase, Map<Stratum, Tally> seen) {
        Map<Stratum, Long> last = new HashMap<>();
        seen.keySet().forEach(stratum -> last.put(stratum, LATER.toEpochMilli()));
        Evidence evidence = new Evidence(EvidenceLedger.empty(plan), new TreeMap<>(seen), last, "", "");
        return RolloutMachine.decide(RolloutMachineTest.at(phase, plan), plan, evidence, LATER);
    }

    private static Hybrid hybrid(Plan plan, Phase phase) {
        Directive directive = directive(plan, phase);
        assertThat(directive.hasHybrid()).as(phase.text()).isTrue();
        return directive.getHybrid();
    }

    private static Directive directive(Plan plan, Phase phase) {
        return Orders.directive(RolloutMachineTest.at(phase, plan), plan, 7, new Effect.Direct(0, "test"), START);
    }

    /// Everybody from the first canary stage on, at these terms.
    private static Plan plan(HybridTerms first, HybridTerms second) {
        return plan(
                List.of(
                        stage("0.9", 10_000).trusting(first),
                        stage("0.7", 10_000).trusting(second)),
                conduct(true, 0));
    }

    private static Plan plan(List<Stage> canaries, Conduct conduct) {
        List<Stage> stages = new ArrayList<>(List.of(shadow()));
        stages.addAll(canaries);
        return new Plan("hybrid", stages, guardrails(), terms(), new TreeMap<>(), Set.of(), conduct);
    }

    private static List<Guardrail> guardrails() {
        return List.of(new Guardrail("agreement", GuardrailKind.AGREEMENT, 0.85, 1, OptionalDouble.empty(), 100));
    }

    private static Terms terms() {
        return new Terms(0.01, 0.05, 60, 90_000, 60, 15);
    }

    private static Stage shadow() {
        return new Stage("shadow", 0, 10, 20_000, 100, 30, 10_000, 10_000, gates(), OnUndecided.HOLD);
    }

    private static Stage stage(String name, int share) {
        return new Stage(name, share, 10, 100, 100, 30, 10_000, 0, gates(), OnUndecided.HOLD);
    }

    /// Of its requests one in ten thousand is a pair.
    private static Stage thin(String name) {
        return new Stage(
                name, name.equals("0.9") ? 5_000 : 10_000, 10, 20_000, 100, 30, 1, 0, gates(), OnUndecided.HOLD);
    }

    private static SortedMap<String, Gate> gates() {
        return new TreeMap<>(Map.of("agreement", Gate.SAFE));
    }

    private static Conduct conduct(boolean hybrid, int repeatBp) {
        return new Conduct(
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(),
                Exposure.UNLIMITED,
                new TreeMap<>(),
                0,
                0,
                hybrid,
                repeatBp);
    }
}
