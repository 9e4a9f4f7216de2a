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
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The way back is tried before more traffic may need it: the stage's gates are satisfied in all of
/// these, and the champion decides.
class ChampionTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final Instant NOW = START.plusSeconds(20);
    private static final Stratum CANARY = new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL);
    private static final Stratum CONTROL = new Stratum(1, Cohort.COHORT_CONTROL, 0, false, Stratum.ALL);
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
    private static final Phase HALF = new Phase.Canary(1);

    @Test
    void aChampionThatNobodyAskedInTheStageHoldsPromotion() {
        Transition waits = decide(HALF, NOW, List.of(canary(0, 0)));

        assertThat(waits.next().phase()).isEqualTo(HALF);
        assertThat(waits.outlook())
                .contains("Waits, before \"all\", for a champion that answers: nobody asked it in this stage, and a"
                        + " roll-back would lead there.");
    }

    @Test
    void whatItAnsweredInAnEarlierStageDoesNotCount() {
        Transition waits = decide(HALF, NOW, List.of(Map.of(SHADOW, answers(900, 0)), canary(0, 0)));

        assertThat(waits.next().phase()).isEqualTo(HALF);
        assertThat(waits.outlook()).contains("nobody asked it in this stage");
    }

    @Test
    void oneAnswerIsEnoughWhereTrafficIsSmallWhoeverAsked() {
        Map<Stratum, Tally> ofControl = canary(0, 0);
        ofControl.put(CONTROL, answers(1, 0));

        assertThat(decide(HALF, NOW, List.of(ofControl)).next().phase()).isEqualTo(new Phase.Canary(2));
        assertThat(decide(HALF, NOW, List.of(canary(1, 0))).next().phase())
                .as("the mirror of a canary's pair, or the fall-back of its request")
                .isEqualTo(new Phase.Canary(2));
    }

    @Test
    void aChampionThatFailsMostRequestsOfTheStageHoldsPromotion() {
        Transition waits = decide(HALF, NOW, List.of(canary(1_000, 501)));

        assertThat(waits.next().phase()).isEqualTo(HALF);
        assertThat(waits.outlook())
                .contains("a champion that answers: it failed 501 of 1,000 requests, and a roll-back would lead there");
        assertThat(decide(HALF, NOW, List.of(canary(1_000, 500))).next().phase())
                .isEqualTo(new Phase.Canary(2));
    }

    @Test
    void aChampionThatDiedAtTheEndOfALongStageHoldsPromotionUntilItAnswersAgain() {
        Map<Stratum, Tally> died = Map.of(CONTROL, answers(10, 8));
        Map<Stratum, Tally> quiet = new TreeMap<>(Map.of(CONTROL, new Tally().add(Measures.REQUESTS, 0)));
        Transition waits = decide(HALF, NOW, List.of(canary(100_000, 0), died, quiet));

        assertThat(waits.next().phase()).isEqualTo(HALF);
        assertThat(waits.outlook()).contains("it failed 8 of 10 requests lately, and a roll-back would lead there");
        assertThat(decide(HALF, NOW, List.of(canary(100_000, 0), died, Map.of(CONTROL, answers(10, 0)), quiet))
                        .next()
                        .phase())
                .isEqualTo(new Phase.Canary(2));
    }

    /// Nobody may be left to ask it at 100 %, and nothing rises any more.
    @Test
    void theLastStageDoesNotAskForIt() {
        Stratum all = new Stratum(2, Cohort.COHORT_CANARY, 200, false, Stratum.ALL);

        assertThat(decide(new Phase.Canary(2), NOW, List.of(Map.of(all, good(0, 0))))
                        .next()
                        .phase())
                .isEqualTo(new Phase.Completed(2));
    }

    @Test
    void withoutItTheStagesTimeRunsOutAndThePolicyActs() {
        Map<OnUndecided, Class<? extends Phase>> ends = Map.of(
                OnUndecided.HOLD, Phase.Paused.class,
                OnUndecided.ROLLBACK, Phase.RolledBack.class,
                OnUndecided.EXTEND, Phase.Canary.class);
        ends.forEach((policy, end) -> {
            Transition over =
                    decide(RolloutMachineTest.small(policy), HALF, START.plusSeconds(100), List.of(canary(0, 0)));

            assertThat(over.next().phase()).isInstanceOf(end);
            assertThat(over.decides()).isTrue();
            assertThat(over.outlook()).contains("nobody asked it in this stage");
        });
    }

    @Test
    void aPersonMayPromoteWithoutIt() {
        Plan plan = RolloutMachineTest.small(OnUndecided.HOLD);
        HumanActs.Answer answer = HumanActs.act(
                RolloutMachineTest.at(HALF, plan),
                plan,
                evidence(plan, List.of(canary(0, 0))),
                new Act(Act.Kind.PROMOTE, "ana", "asked by hand"),
                NOW);

        assertThat(answer)
                .isInstanceOfSatisfying(
                        HumanActs.Answer.Done.class,
                        done -> assertThat(done.transition().next().phase()).isEqualTo(new Phase.Canary(2)));
    }

    @Test
    void theLeastNumberOfPairsHoldsPromotionAndSaysHowManyAreMissing() {
        Plan small = RolloutMachineTest.small(OnUndecided.HOLD);
        Plan plan = new Plan(
                small.name(),
                List.of(small.stage(0), withPairs(small.stage(1), 1_281), small.stage(2)),
                small.guardrails(),
                small.terms(),
                small.waivers(),
                small.truth());

        Transition waits = decide(plan, HALF, NOW, List.of(canary(100, 0)));
        Map<Stratum, Tally> one = Map.of(CONTROL, new Tally().add(Measures.PAIRS, 0));

        assertThat(waits.next().phase()).isEqualTo(HALF);
        assertThat(waits.outlook()).endsWith("Waits, before \"all\", for 1 more complete pairs.");
        assertThat(decide(plan, HALF, NOW, List.of(canary(100, 0), one)).next().phase())
                .isEqualTo(new Phase.Canary(2));
    }

    private static Stage withPairs(Stage stage, long pairs) {
        return new Stage(
                stage.name(),
                stage.shareBp(),
                stage.minSeconds(),
                stage.maxSeconds(),
                stage.minObservations(),
                stage.minDevices(),
                stage.pairingCanaryBp(),
                stage.pairingControlBp(),
                stage.gates(),
                stage.onUndecided(),
                pairs,
                0,
                stage.hybrid());
    }

    private static Tally answers(long attempts, long failed) {
        return new Tally()
                .add(Measures.REQUESTS, 0, attempts)
                .add(Measures.ATTEMPTS, Champion.ATTEMPTS, attempts)
                .add(Measures.ATTEMPTS, Champion.FAILED, failed);
    }

    /// 64 devices that agree nearly always.
    private static Tally good(long attempts, long failed) {
        int block = Measures.block(20, 1);
        return answers(attempts, failed)
                .add(Measures.REQUESTS, 0, 1_280)
                .add(Measures.DEVICES, 0, 64)
                .add(Measures.PAIRS, 0, 1_216)
                .add(Measures.PAIRS, 1, 64)
                .add(Measures.BLOCKS_DISAGREE, block, 64)
                .add(Measures.BLOCKS_DISAGREE_SAFE, block, 64)
                .add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_DISAGREE_SAFE), 64);
    }

    private static Map<Stratum, Tally> canary(long attempts, long failed) {
        return new TreeMap<>(Map.of(CANARY, good(attempts, failed)));
    }

    private static Transition decide(Phase phase, Instant now, List<Map<Stratum, Tally>> blocks) {
        return decide(RolloutMachineTest.small(OnUndecided.HOLD), phase, now, blocks);
    }

    private static Transition decide(Plan plan, Phase phase, Instant now, List<Map<Stratum, Tally>> blocks) {
        Evidence evidence = evidence(plan, blocks);
        Map<Stratum, Long> last = Map.of(
                CANARY,
                now.toEpochMilli(),
                new Stratum(2, Cohort.COHORT_CANARY, 200, false, Stratum.ALL),
                now.toEpochMilli());
        return RolloutMachine.decide(
                RolloutMachineTest.at(phase, plan),
                plan,
                new Evidence(evidence.ledger(), evidence.open(), last, "", ""),
                now);
    }

    /// All but the last are closed.
    private static Evidence evidence(Plan plan, List<Map<Stratum, Tally>> blocks) {
        List<EvidenceBlock> closed = new ArrayList<>();
        for (Map<Stratum, Tally> block : blocks.subList(0, blocks.size() - 1)) {
            closed.add(
                    EvidenceBlock.cut(closed.size() + 1, START.plusSeconds(10L * closed.size()), new TreeMap<>(block)));
        }
        return new Evidence(EvidenceLedger.of(plan, closed), new TreeMap<>(blocks.getLast()), Map.of(), "", "");
    }
}
