// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.statistics.calibration.OneLook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// SAFE by planned looks, BREACH by bets at any time.
class CalibrationTest {
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
    private static final Plan PLAN = Plans.demo();

    @Test
    void theLookHappensWithTheFirstBlockThatReachesItsLabels() {
        List<EvidenceBlock> blocks = blocks(new SplittableRandom(1), 3, 400, 0.95, 0.95);
        EvidenceLedger two = EvidenceLedger.of(PLAN, blocks.subList(0, 2));
        EvidenceLedger three = EvidenceLedger.of(PLAN, blocks);

        Verdict waiting = verdict(two);
        assertThat(waiting.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(waiting.neededObservations()).hasValue(200);
        assertThat(waiting.sentence())
                .contains(
                        "limit ±5.0 points and an ECE of 5 %: UNDECIDED, SAFE is decided by one look at 1,000 labelled"
                                + " answers, 200 more");

        Verdict safe = verdict(three);
        assertThat(safe.outcome()).isEqualTo(Outcome.SAFE);
        assertThat(safe.estimand()).isEqualTo(Estimand.REQUESTS);
        assertThat(safe.sentence())
                .contains("SAFE on the requests served: the look planned at 1,000 labelled answers found, at 1,200, an"
                        + " ECE of ")
                .contains(" with 97 % confidence");
        assertThat(look(three).block()).isEqualTo(3);
    }

    @Test
    void aLookInsideTheOpenBlockIsNotTaken() {
        List<EvidenceBlock> blocks = blocks(new SplittableRandom(1), 3, 400, 0.95, 0.95);
        EvidenceLedger two = EvidenceLedger.of(PLAN, blocks.subList(0, 2));
        Evidence open = new Evidence(two, new TreeMap<>(blocks.get(2).increments()), Map.of(), "", "");

        Verdict looked = JudgeTest.verdict(open, "calibration");

        assertThat(looked.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(looked.sentence()).contains("labelled answers, with the next evidence block");
        assertThat(JudgeTest.verdict(open.cut(Instant.EPOCH), "calibration").outcome())
                .isEqualTo(Outcome.SAFE);
    }

    @Test
    void aLookThatWasTakenIsNotTakenAgainAndReplaysToTheSame() {
        SplittableRandom random = new SplittableRandom(2);
        List<EvidenceBlock> blocks = blocks(random, 2, 500, 0.95, 0.905);
        EvidenceLedger taken = EvidenceLedger.of(PLAN, blocks);
        assertThat(look(taken).answer().finding()).isEqualTo(OneLook.Finding.NOT_SHOWN);

        List<EvidenceBlock> more = new ArrayList<>(blocks);
        for (EvidenceBlock block : blocks(random, 8, 500, 0.95, 0.95)) {
            more.add(new EvidenceBlock(block.number() + 2, block.cutAtMs(), block.increments()));
        }
        EvidenceLedger later = EvidenceLedger.of(PLAN, more);

        assertThat(look(later)).isEqualTo(look(taken));
        assertThat(verdict(later).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(verdict(later).neededObservations()).isEmpty();
        assertThat(verdict(later).sentence())
                .contains("the look planned at 1,000 labelled answers found, at 1,000, an ECE of ")
                .contains("no further look is planned");
        assertThat(EvidenceLedger.of(PLAN, more).fingerprint()).isEqualTo(later.fingerprint());
    }

    @Test
    void aSecondLookIsPlannedWithASmallerShare() {
        Plan plan = withLooks(List.of(500L, 4_000L));
        SplittableRandom random = new SplittableRandom(3);
        List<EvidenceBlock> blocks = blocks(random, 8, 500, 0.95, 0.92);

        Verdict after = verdict(plan, EvidenceLedger.of(plan, blocks.subList(0, 1)));
        assertThat(after.sentence()).contains("; the next look is at 4,000 labelled answers, 3,500 more");

        Track track = track(EvidenceLedger.of(plan, blocks));
        assertThat(track.looks()).hasSize(2);
        assertThat(track.looks().get(1).plan().level()).isLessThan(0.008);
        assertThat(track.looks().get(1).isSafe()).isTrue();
        assertThat(track.nextLook()).isEmpty();
    }

    @Test
    void aBuildThatIsTooSureIsABreach() {
        Verdict breach = verdict(EvidenceLedger.of(PLAN, blocks(new SplittableRandom(4), 2, 300, 0.95, 0.75)));

        assertThat(breach.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(breach.sentence()).contains("in bins of confidence, on the requests served");
        assertThat(breach.hard()).isFalse();
    }

    /// Too sure where it is sure, too unsure where it is not: the mean gap is 0.
    @Test
    void gapsThatCancelAreFoundInBins() {
        List<EvidenceBlock> blocks = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 1; i <= 4; i++) {
            Tally tally = labels(random, 200, 0.95, 0.80);
            tally.merge(labels(random, 200, 0.50, 0.65));
            blocks.add(EvidenceBlock.cut(i, Instant.EPOCH.plusSeconds(10L * i), Map.of(SHADOW, tally)));
        }

        Verdict breach = verdict(EvidenceLedger.of(PLAN, blocks));

        assertThat(breach.estimate().orElseThrow().value()).isBetween(-0.04, 0.04);
        assertThat(breach.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(breach.estimand()).isEqualTo(Estimand.REQUESTS);
    }

    @Test
    void theDecisionRepeatsTheLook() {
        EvidenceLedger ledger = EvidenceLedger.of(PLAN, blocks(new SplittableRandom(1), 3, 400, 0.95, 0.95));
        Evidence evidence = new Evidence(ledger, new TreeMap<>(), Map.of(), "", "");

        String detail =
                Details.of(PLAN, evidence, Judge.verdicts(PLAN, evidence), new Phase.Shadow(), new Phase.Canary(1), "");

        assertThat(detail)
                .contains("\"looks\":[{\"block\":3,\"finding\":\"SAFE\",\"labels\":1200,\"planned\":1000}]")
                .contains("\"statistics\":\"statistics/2\"");
    }

    private static Plan withLooks(List<Long> looks) {
        List<Guardrail> guardrails = PLAN.guardrails().stream()
                .map(guardrail -> guardrail.kind() != GuardrailKind.CALIBRATION
                        ? guardrail
                        : new Guardrail(
                                guardrail.name(),
                                guardrail.kind(),
                                guardrail.limit(),
                                guardrail.weight(),
                                guardrail.hardLimit(),
                                guardrail.minObservations(),
                                looks))
                .toList();
        return new Plan(
                "two looks", PLAN.stages(), guardrails, PLAN.terms(), new TreeMap<>(), Set.of(TruthSource.JUDGE));
    }

    private static List<EvidenceBlock> blocks(
            SplittableRandom random, int blocks, int labels, double confidence, double accuracy) {
        List<EvidenceBlock> list = new ArrayList<>();
        for (int i = 1; i <= blocks; i++) {
            Tally tally = labels(random, labels, confidence, accuracy);
            if (i == 1) {
                tally.add(Measures.DEVICES, 0, 64);
            }
            list.add(EvidenceBlock.cut(i, Instant.EPOCH.plusSeconds(10L * i), Map.of(SHADOW, tally)));
        }
        return list;
    }

    private static Tally labels(SplittableRandom random, int labels, double confidence, double accuracy) {
        Tally tally = new Tally().add(Measures.DEVICES, 0, 40);
        int bin = (int) Math.ceil(confidence * 15) - 1;
        for (int i = 0; i < labels; i++) {
            boolean right = random.nextDouble() < accuracy;
            for (String measure : List.of(Measures.CALIBRATION, Measures.CALIBRATION_FIRST)) {
                tally.add(measure, 4 * bin);
                tally.add(measure, 4 * bin + 1, right ? 1 : 0);
                tally.add(measure, 4 * bin + 2, Math.round(confidence * 1e9));
            }
            tally.add(Measures.CALIBRATION_GAP, 2 * (int) (confidence * 200) + (right ? 1 : 0));
        }
        return tally;
    }

    private static Look look(EvidenceLedger ledger) {
        assertThat(track(ledger).looks()).hasSize(1);
        return track(ledger).looks().getFirst();
    }

    private static Track track(EvidenceLedger ledger) {
        return ledger.tracks().stream()
                .filter(track -> track.guardrail().kind() == GuardrailKind.CALIBRATION)
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verdict(EvidenceLedger ledger) {
        return verdict(PLAN, ledger);
    }

    private static Verdict verdict(Plan plan, EvidenceLedger ledger) {
        Evidence evidence = new Evidence(ledger, new TreeMap<>(), Map.of(), "", "");
        return Judge.verdicts(plan, evidence).stream()
                .filter(verdict -> verdict.name().equals("calibration"))
                .findFirst()
                .orElseThrow();
    }
}
